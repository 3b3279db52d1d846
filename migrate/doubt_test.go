package migrate_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
)

// begun makes the record of a database on which file 1 was stamped look as it does when a run was killed after it had noted that the
// file's first statement begins. evidence is SQL for what is noted with it.
func begun(t *testing.T, db *sql.DB, dir, prefix, statement, evidence string) {
	t.Helper()
	exec(t, db, `UPDATE atlas_schema_revisions.atlas_schema_revisions SET error = $1 || 'statement 1 was begun, and its end was not noted', error_stmt = $2,
  applied = CASE $1 WHEN '' THEN 0 ELSE applied END, partial_hashes = '[]'`, prefix, statement)
	exec(t, db, "INSERT INTO atlas_schema_revisions.plinth_log (action, version, statement, operator_version, detail) VALUES ('begun', '1', 1, 'test', "+evidence+")")
	if st, err := migrator(t, db, dir).Status(t.Context()); err != nil || st.State != migrate.StatePartial {
		t.Fatalf("%+v, %v", st, err)
	}
}

// invalidate makes an index look as a failed build leaves it.
func invalidate(index string) string {
	return fmt.Sprintf("UPDATE pg_index SET indisvalid = false WHERE indexrelid = '%s'::regclass", index)
}

// TestStatementInDoubtIsSettledByTheCatalog: the database is brought into a state that a kill can leave, and up must go on from it.
func TestStatementInDoubtIsSettledByTheCatalog(t *testing.T) {
	const table = `CREATE TABLE "Tab le" (id int, name text, gone bool); INSERT INTO "Tab le" VALUES (1, 'a', false), (2, 'b', true);`
	for name, c := range map[string]struct {
		statement string
		left      string // what the killed run has left
		want      string // a query that is true afterwards
		told      string
	}{
		"index not built":              {`CREATE INDEX CONCURRENTLY i ON "Tab le" (id)`, "", "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", ""},
		"index built":                  {`create index concurrently i on "Tab le" using btree (lower("Tab le".name) text_pattern_ops desc) include (id) with (fillfactor=70) where not gone`, `CREATE INDEX i ON "Tab le" (lower(name) text_pattern_ops DESC) INCLUDE (id) WITH (fillfactor=70) WHERE NOT gone`, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", "statement 1 has happened"},
		"unique index built":           {`CREATE UNIQUE INDEX CONCURRENTLY "I x" ON ONLY public."Tab le" (id)`, `CREATE UNIQUE INDEX "I x" ON "Tab le" (id)`, `SELECT indisunique FROM pg_index WHERE indexrelid = '"I x"'::regclass`, "statement 1 has happened"},
		"names that hold USING":        {`CREATE INDEX CONCURRENTLY "x USING y" ON "a USING b" (id)`, `CREATE TABLE "a USING b" (id int); CREATE INDEX "x USING y" ON "a USING b" (id)`, "SELECT true", "statement 1 has happened"},
		"if not exists":                {`CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON "Tab le" (id)`, `CREATE INDEX i ON "Tab le" (name)`, "SELECT true", "statement 1 has happened"},
		"index invalid":                {`CREATE INDEX CONCURRENTLY i ON "Tab le" (id)`, `CREATE INDEX i ON "Tab le" (id); ` + invalidate("i"), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", "DROP INDEX CONCURRENTLY public.i"},
		"index without a name, not":    {`CREATE INDEX CONCURRENTLY ON "Tab le" (id)`, `CREATE INDEX ON "Tab le" (name)`, `SELECT count(*) = 2 FROM pg_index WHERE indrelid = '"Tab le"'::regclass`, ""},
		"drop done":                    {"DROP INDEX CONCURRENTLY i", `CREATE INDEX i ON "Tab le" (id)`, "SELECT to_regclass('i') IS NULL", "statement 1 has happened"},
		"drop not done":                {"DROP INDEX CONCURRENTLY IF EXISTS public.i", `CREATE INDEX i ON "Tab le" (id)`, "SELECT to_regclass('i') IS NULL", ""},
		"reindex halves":               {"REINDEX INDEX CONCURRENTLY i", `CREATE INDEX i ON "Tab le" (id); CREATE INDEX i_ccnew ON "Tab le" (id); ` + invalidate("i_ccnew"), "SELECT to_regclass('i_ccnew') IS NULL AND to_regclass('i') IS NOT NULL", "DROP INDEX CONCURRENTLY public.i_ccnew"},
		"reindex table with options":   {`REINDEX (VERBOSE) TABLE CONCURRENTLY "Tab le"`, `CREATE INDEX i ON "Tab le" (id); CREATE INDEX i_ccold1 ON "Tab le" (id); ` + invalidate("i_ccold1"), "SELECT to_regclass('i_ccold1') IS NULL", "DROP INDEX CONCURRENTLY public.i_ccold1"},
		"detach done":                  {"ALTER TABLE parted DETACH PARTITION part CONCURRENTLY", "CREATE TABLE parted (id int) PARTITION BY RANGE (id); CREATE TABLE part (id int)", "SELECT to_regclass('part') IS NOT NULL", "statement 1 has happened"},
		"detach not done":              {"ALTER TABLE IF EXISTS parted DETACH PARTITION part CONCURRENTLY", "CREATE TABLE parted (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9)", "SELECT NOT EXISTS (SELECT FROM pg_inherits)", ""},
		"detach pending":               {"ALTER TABLE public.parted DETACH PARTITION part CONCURRENTLY", "CREATE TABLE parted (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF parted FOR VALUES FROM (0) TO (9); UPDATE pg_inherits SET inhdetachpending = true", "SELECT NOT EXISTS (SELECT FROM pg_inherits)", "FINALIZE"},
		"vacuum":                       {`VACUUM "Tab le"`, "", "SELECT true", ""},
		"a block that can be repeated": {"DO $$ BEGIN INSERT INTO \"Tab le\" VALUES (3); COMMIT; END $$", "", `SELECT count(*) = 1 FROM "Tab le" WHERE id = 3`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			exec(t, db, table)
			if c.left != "" {
				exec(t, db, "BEGIN; "+c.left+"; COMMIT")
			}
			head := loose
			if strings.HasPrefix(c.statement, "DO") {
				head += "-- plinth:repeatable\n"
			}
			dir := directory(t, "1_a.up.sql", head+c.statement+";\nCREATE TABLE after (id int);", "2_b.up.sql", "CREATE TABLE next (id int);")
			if _, err := migrator(t, db, dir).Stamp(t.Context(), "1"); err != nil {
				t.Fatal(err)
			}
			begun(t, db, dir, "", c.statement, "to_regclass('i')::oid::text")
			if name == "drop done" {
				exec(t, db, "DROP INDEX i")
			}
			var told []string
			run, err := migrator(t, db, dir, migrate.WithObserver(func(e migrate.Event) {
				if e.Kind == migrate.EventResumed {
					told = append(told, e.Detail)
				}
			})).Up(t.Context())
			if err != nil || versions(run) != "1 2" {
				t.Fatalf("ran %q: %v", versions(run), err)
			}
			var ok bool
			if err := db.QueryRow(c.want).Scan(&ok); err != nil || !ok {
				t.Errorf("%s: %v, %v", c.want, ok, err)
			}
			if !strings.Contains(strings.Join(told, "\n"), c.told) || c.told == "" && len(told) > 0 {
				t.Errorf("told %q, want %q", told, c.told)
			}
			if st, err := migrator(t, db, dir).Status(t.Context()); err != nil || st.State != migrate.StateClean || tables(t, db) == "" {
				t.Errorf("%+v, %v", st, err)
			}
		})
	}
}

// TestWhatTheCatalogCannotTellIsAskedFor, and nothing is run until it was answered.
func TestWhatTheCatalogCannotTellIsAskedFor(t *testing.T) {
	for name, statement := range map[string]string{
		"a block":                "DO $$ BEGIN INSERT INTO n VALUES (1); COMMIT; END $$",
		"a nameless index there": "CREATE INDEX CONCURRENTLY ON n (v)",
	} {
		t.Run(name, func(t *testing.T) {
			for as, want := range map[migrate.Resolution]string{
				migrate.ResolveDone: "0 true pending", migrate.ResolveAgain: "1 true pending", migrate.ResolveApplied: "0 false clean", migrate.ResolveReverted: "1 true pending",
			} {
				db := database(t)
				exec(t, db, "CREATE TABLE n (v int); CREATE INDEX ON n (v)")
				dir := directory(t, "1_a.up.sql", loose+statement+";\nCREATE TABLE after (id int);")
				if _, err := migrator(t, db, dir).Stamp(t.Context(), "1"); err != nil {
					t.Fatal(err)
				}
				begun(t, db, dir, "", statement, "NULL")
				run, err := migrator(t, db, dir).Up(t.Context())
				e, ok := errors.AsType[*migrate.StateError](err)
				if !ok || e.State != migrate.StatePartial || len(run.Migrations) > 0 || !strings.Contains(e.Reason, "plinth resolve 1 done") || !strings.Contains(e.Reason, statement) {
					t.Fatalf("%+v, %v", run, err)
				}
				if _, err := migrator(t, db, dir).Resolve(t.Context(), "1", "perhaps"); err == nil || !strings.Contains(err.Error(), "write done, again, applied or reverted") {
					t.Fatal(err)
				}
				if _, err := migrator(t, db, dir).Resolve(t.Context(), "1", as); err != nil {
					t.Fatal(as, err)
				}
				if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
					t.Fatal(as, err)
				}
				var rows, indexes int
				var after bool
				if err := db.QueryRow("SELECT (SELECT count(*) FROM n), (SELECT count(*) FROM pg_index WHERE indrelid = 'n'::regclass), to_regclass('after') IS NOT NULL").Scan(&rows, &indexes, &after); err != nil {
					t.Fatal(err)
				}
				if got := fmt.Sprintf("%d %v", rows+indexes-1, after); !strings.HasPrefix(want, got) {
					t.Errorf("%s: %s, want %s", as, got, want)
				}
				if _, err := migrator(t, db, dir).Resolve(t.Context(), "1", as); err == nil || !strings.Contains(err.Error(), "nothing to resolve") {
					t.Errorf("resolved twice: %v", err)
				}
			}
		})
	}
}

// TestFailedBuildIsDroppedAndBuiltAgain, once its cause is gone.
func TestFailedBuildIsDroppedAndBuiltAgain(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1)")
	dir := directory(t, "1_i.up.sql", loose+"CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);")
	for range 2 { // the second one drops the index of the first and fails again
		_, err := migrator(t, db, dir).Up(t.Context())
		if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.SQLState != "23505" || !e.Alone {
			t.Fatalf("got %v", err)
		}
	}
	exec(t, db, "DELETE FROM a WHERE ctid = (SELECT min(ctid) FROM a)")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var valid string
	if err := db.QueryRow("SELECT string_agg(indisvalid::text, ' ') FROM pg_index WHERE indrelid = 'a'::regclass").Scan(&valid); err != nil || valid != "true" {
		t.Fatal(valid, err)
	}
}

// TestRevertInDoubtIsSettledToo by the next down.
func TestRevertInDoubtIsSettledToo(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); CREATE INDEX i ON a (id);", "1_a.down.sql", loose+"DROP INDEX CONCURRENTLY i;\nDROP TABLE a;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	begun(t, db, dir, "a revert was begun; ", "DROP INDEX CONCURRENTLY i", "to_regclass('i')::oid::text")
	exec(t, db, "DROP INDEX i")
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "plinth down again") {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err != nil || tables(t, db) != "" || recorded(t, db) != "" {
		t.Fatalf("%v, tables %q, recorded %q", err, tables(t, db), recorded(t, db))
	}
}

// values are those of the table n.
func values(t *testing.T, db *sql.DB) (v string) {
	t.Helper()
	if err := db.QueryRow("SELECT coalesce(string_agg(v::text, ' ' ORDER BY v), '') FROM n").Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestFailedDropIsNotDone, although nothing is there: it never was.
func TestFailedDropIsNotDone(t *testing.T) {
	for _, statement := range []string{"DROP INDEX CONCURRENTLY typo", "ALTER TABLE parted DETACH PARTITION loner CONCURRENTLY", "DROP DATABASE plinth_no_such"} {
		db := database(t)
		exec(t, db, "CREATE TABLE parted (id int) PARTITION BY RANGE (id); CREATE TABLE loner (id int)")
		dir := directory(t, "1_a.up.sql", loose+statement)
		for range 3 {
			if _, err := migrator(t, db, dir).Up(t.Context()); err == nil {
				t.Fatalf("%s was reported as done", statement)
			}
		}
	}
}

// TestResolvedRevertGoesOnWhereItWas, and does not begin again.
func TestResolvedRevertGoesOnWhereItWas(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE n (v int); INSERT INTO n VALUES (0)")
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int)", "1_a.down.sql", loose+"UPDATE n SET v = v + 1;\nDO $$ BEGIN UPDATE n SET v = v + 100; COMMIT; RAISE 'no'; END $$;\nDROP TABLE a;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err == nil {
		t.Fatal("the block raises")
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err == nil || !strings.Contains(err.Error(), "plinth resolve 1 done") {
		t.Fatalf("got %v", err)
	}
	if _, err := migrator(t, db, dir).Resolve(t.Context(), "1", migrate.ResolveDone); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err != nil || values(t, db) != "101" || recorded(t, db) != "" {
		t.Fatalf("%v, %s, recorded %q", err, values(t, db), recorded(t, db))
	}
}

// TestFileThatGrewWhileBeingMendedStaysAnUp.
func TestFileThatGrewWhileBeingMendedStaysAnUp(t *testing.T) {
	db := database(t)
	for _, text := range []string{"CREATE TABLE a (id int);\nSELECT 1/0;", "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nSELECT 1/0;"} {
		if _, err := migrator(t, db, directory(t, "1_a.up.sql", loose+text, "1_a.down.sql", "DROP TABLE a")).Up(t.Context()); err == nil {
			t.Fatal("it divides by zero")
		}
	}
	good := directory(t, "1_a.up.sql", loose+"CREATE TABLE a (id int);\nCREATE TABLE b (id int);\nCREATE TABLE c (id int);", "1_a.down.sql", "DROP TABLE a")
	if _, err := migrator(t, db, good).Down(t.Context()); err == nil {
		t.Fatal("half an up was reverted")
	}
	if _, err := migrator(t, db, good).Up(t.Context()); err != nil || tables(t, db) != "a b c" {
		t.Fatalf("%v, tables %q", err, tables(t, db))
	}
}

// TestEachRevertBeginsAtItsFirstStatement, whatever an earlier one came to, and whatever the mode is.
func TestEachRevertBeginsAtItsFirstStatement(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE n (v int)")
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int);", "1_a.down.sql", loose+"DROP TABLE a;\nDROP TABLE b;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "CREATE VIEW holds AS SELECT * FROM b")
	if _, err := migrator(t, db, dir).Down(t.Context()); err == nil {
		t.Fatal("a view stands on b")
	}
	exec(t, db, "DROP VIEW holds; CREATE TABLE a (id int)")
	if _, err := migrator(t, db, dir).Stamp(t.Context(), "head"); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err != nil || tables(t, db) != "n" {
		t.Fatalf("%v, tables %q", err, tables(t, db))
	}

	plain := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "1_a.down.sql", "INSERT INTO n VALUES (1);\nSELECT 1 / (SELECT count(*) FROM n WHERE v = 2);\nDROP TABLE a;")
	if _, err := migrator(t, db, plain).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, plain, migrate.WithTxMode(migrate.TxNone)).Down(t.Context()); err == nil {
		t.Fatal("it divides by zero")
	}
	exec(t, db, "INSERT INTO n VALUES (2)")
	if _, err := migrator(t, db, plain).Down(t.Context()); err != nil || values(t, db) != "1 2" {
		t.Fatalf("%v, %s", err, values(t, db))
	}
}

// TestSessionOfAResumedFileIsAsItWas, with what was reset too, and none of it reaches the next file.
func TestSessionOfAResumedFileIsAsItWas(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE SCHEMA app; CREATE TABLE busy (id int); INSERT INTO busy VALUES (1), (1); CREATE ROLE plinth_resume; GRANT ALL ON SCHEMA public, app TO plinth_resume")
	defer exec(t, db, "DROP OWNED BY plinth_resume CASCADE; DROP ROLE plinth_resume")
	dir := directory(t, "1_a.up.sql", loose+`SET search_path = app;
CREATE TABLE one (id int);
RESET search_path;
SELECT set_config('statement_timeout', '1h', false);
CREATE UNIQUE INDEX CONCURRENTLY u ON busy (id);
CREATE TABLE two AS SELECT current_setting('statement_timeout') AS v;
SET ROLE plinth_resume;
CREATE TABLE three (id int);`, "2_b.up.sql", "CREATE TABLE four (id int);")
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil {
		t.Fatal("the index cannot be unique")
	}
	exec(t, db, "DELETE FROM busy")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var v, three, four, me string
	err := db.QueryRow(`SELECT v, (SELECT tableowner FROM pg_tables WHERE tablename = 'three'), (SELECT tableowner FROM pg_tables WHERE tablename = 'four'), session_user
  FROM public.two`).Scan(&v, &three, &four, &me)
	if err != nil || v != "1h" || three != "plinth_resume" || four != me {
		t.Fatalf("%v, timeout %s, owners %s and %s", err, v, three, four)
	}
}

// TestInvalidIndexIsNoIndex, also for IF NOT EXISTS.
func TestInvalidIndexIsNoIndex(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE a (id int); CREATE INDEX i ON a (id)")
	exec(t, db, invalidate("i"))
	dir := directory(t, "1_i.up.sql", loose+"CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (id);")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var valid bool
	if err := db.QueryRow("SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass").Scan(&valid); err != nil || !valid {
		t.Fatal(valid, err)
	}
}

// TestMendedStatementInDoubt: what ran is asked for, not what stands in its place now.
func TestMendedStatementInDoubt(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE n (v int)")
	block := "DO $$ BEGIN INSERT INTO n VALUES (1); COMMIT; END $$"
	dir := directory(t, "1_a.up.sql", loose+"VACUUM n;\n"+block+";")
	if _, err := migrator(t, db, dir).Stamp(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	begun(t, db, dir, "", block, "NULL")
	_, err := migrator(t, db, dir).Up(t.Context())
	if _, ok := errors.AsType[*migrate.StateError](err); !ok || !strings.Contains(err.Error(), block) || !strings.Contains(err.Error(), "another statement in its place now") {
		t.Fatalf("got %v", err)
	}

	exec(t, db, "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1); DELETE FROM atlas_schema_revisions.atlas_schema_revisions")
	index := "CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);"
	if _, err := migrator(t, db, directory(t, "1_i.up.sql", loose+index)).Up(t.Context()); err == nil {
		t.Fatal("the index cannot be unique")
	}
	if _, err := migrator(t, db, directory(t, "1_i.up.sql", loose+"DELETE FROM a;\n"+index)).Up(t.Context()); err != nil {
		t.Fatalf("the failed build's cause was mended: %v", err)
	}
}
