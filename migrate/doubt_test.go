package migrate_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
)

// begun makes the database look as it does when a run was killed after it had noted that a statement of file 1 begins, the
// statement being the one after the first applied ones.
func begun(t *testing.T, db *sql.DB, dir string) {
	t.Helper()
	exec(t, db, `UPDATE atlas_schema_revisions.atlas_schema_revisions SET error = 'statement 1 was begun, and its end was not noted', error_stmt = 'x', applied = 0, partial_hashes = '[]'`)
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
		"if not exists":                {`CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON "Tab le" (id)`, `CREATE INDEX i ON "Tab le" (name)`, "SELECT true", "statement 1 has happened"},
		"index invalid":                {`CREATE INDEX CONCURRENTLY i ON "Tab le" (id)`, `CREATE INDEX i ON "Tab le" (id); ` + invalidate("i"), "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass", "DROP INDEX CONCURRENTLY public.i"},
		"index without a name, not":    {`CREATE INDEX CONCURRENTLY ON "Tab le" (id)`, `CREATE INDEX ON "Tab le" (name)`, `SELECT count(*) = 2 FROM pg_index WHERE indrelid = '"Tab le"'::regclass`, ""},
		"drop done":                    {"DROP INDEX CONCURRENTLY i", "", "SELECT to_regclass('i') IS NULL", "statement 1 has happened"},
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
			begun(t, db, dir)
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
				begun(t, db, dir)
				exec(t, db, "UPDATE atlas_schema_revisions.atlas_schema_revisions SET error_stmt = $1", statement)
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
	exec(t, db, "DROP INDEX i; UPDATE atlas_schema_revisions.atlas_schema_revisions SET error = 'a revert was begun; statement 1 was begun, and its end was not noted', error_stmt = 'DROP INDEX CONCURRENTLY i'")
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "plinth down again") {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err != nil || tables(t, db) != "" || recorded(t, db) != "" {
		t.Fatalf("%v, tables %q, recorded %q", err, tables(t, db), recorded(t, db))
	}
}
