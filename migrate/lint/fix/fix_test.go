package fix_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/fix"
)

const (
	baseUp = `CREATE TABLE users (id bigint PRIMARY KEY, email text, name text NOT NULL, age int);
CREATE TABLE posts (id bigint NOT NULL, author bigint, title text);
CREATE INDEX posts_title ON posts (title);
CREATE MATERIALIZED VIEW names AS SELECT id, name FROM users;
CREATE UNIQUE INDEX names_id ON names (id);
`
	baseDown = "DROP MATERIALIZED VIEW names;\nDROP TABLE posts;\nDROP TABLE users;\n"
)

// cases are migrations after the base, and what they become: the up files, divided by "--\n".
var cases = []struct {
	name, up, down string
	want           string
}{
	{
		"an index", "-- Fast look-ups.\nCREATE INDEX users_email ON users (email);\n", "DROP INDEX users_email;\n",
		"-- atlas:txmode none\n\n-- Fast look-ups.\nCREATE INDEX CONCURRENTLY users_email ON users (email);\n",
	},
	{
		"an index without a name gets PostgreSQL's", "CREATE UNIQUE INDEX ON users (email, age);\n", "DROP INDEX users_email_age_idx;\n",
		"-- atlas:txmode none\n\nCREATE UNIQUE INDEX CONCURRENTLY users_email_age_idx ON users (email, age);\n",
	},
	{
		"an index between others: the down is divided",
		"ALTER TABLE users ADD COLUMN a int;\nCREATE INDEX users_email ON users (email); -- why\n\n-- The second.\nALTER TABLE users ADD COLUMN b int;\n-- end\n",
		"ALTER TABLE users DROP COLUMN b;\nDROP INDEX users_email;\nALTER TABLE users DROP COLUMN a;\n",
		"ALTER TABLE users ADD COLUMN a int;\n--\n-- atlas:txmode none\n\n-- why\nCREATE INDEX CONCURRENTLY users_email ON users (email);\n--\n-- The second.\nALTER TABLE users ADD COLUMN b int;\n-- end\n",
	},
	{
		"a dropped index", "DROP INDEX posts_title;\n", "CREATE INDEX posts_title ON posts (title);\n",
		"-- atlas:txmode none\n\nDROP INDEX CONCURRENTLY posts_title;\n",
	},
	{
		"a foreign key and a check in one statement, without names",
		"ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE, ADD COLUMN x int, ADD CHECK (length(title) < 100);\n",
		"ALTER TABLE posts DROP CONSTRAINT posts_author_fkey, DROP COLUMN x, DROP CONSTRAINT posts_title_check;\n",
		"ALTER TABLE posts\n    ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users (id) ON DELETE CASCADE NOT VALID,\n    ADD COLUMN x int,\n    ADD CONSTRAINT posts_title_check CHECK (length(title) < 100) NOT VALID;\n" +
			"--\n" + validates + "ALTER TABLE posts VALIDATE CONSTRAINT posts_author_fkey;\nALTER TABLE posts VALIDATE CONSTRAINT posts_title_check;\n",
	},
	{
		"a check of two columns has the table's name alone", "ALTER TABLE users ADD CHECK (age > 0 OR email IS NULL);\n", "ALTER TABLE users DROP CONSTRAINT users_check;\n",
		"ALTER TABLE users ADD CONSTRAINT users_check CHECK (age > 0 OR email IS NULL) NOT VALID;\n--\n" + validates + "ALTER TABLE users VALIDATE CONSTRAINT users_check;\n",
	},
	{
		"a unique constraint", "ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email) DEFERRABLE;\n", "ALTER TABLE users DROP CONSTRAINT one_email;\n",
		"-- atlas:txmode none\n\nCREATE UNIQUE INDEX CONCURRENTLY one_email ON users (email);\n--\nALTER TABLE users ADD CONSTRAINT one_email UNIQUE USING INDEX one_email DEFERRABLE;\n",
	},
	{
		"a primary key on a NOT NULL column", "ALTER TABLE posts ADD PRIMARY KEY (id);\n", "ALTER TABLE posts DROP CONSTRAINT posts_pkey;\n",
		"-- atlas:txmode none\n\nCREATE UNIQUE INDEX CONCURRENTLY posts_pkey ON posts (id);\n--\nALTER TABLE posts ADD CONSTRAINT posts_pkey PRIMARY KEY USING INDEX posts_pkey;\n",
	},
	{
		"SET NOT NULL after a backfill",
		"UPDATE users SET email = '' WHERE email IS NULL AND id < 5;\nALTER TABLE users ALTER email SET NOT NULL;\n", "ALTER TABLE users ALTER COLUMN email DROP NOT NULL;\n",
		"UPDATE users SET email = '' WHERE email IS NULL AND id < 5;\nALTER TABLE users ADD CONSTRAINT users_email_not_null_check CHECK (email IS NOT NULL) NOT VALID;\n" +
			"--\n" + validates + "ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null_check;\n" +
			"--\n-- The validated checks spare SET NOT NULL its look at the rows.\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_email_not_null_check;\n",
	},
	{
		"SET NOT NULL on a column whose down drops it",
		"ALTER TABLE users ADD COLUMN nick text;\nUPDATE users SET nick = name;\nALTER TABLE users ALTER COLUMN nick SET NOT NULL;\n", "ALTER TABLE users DROP COLUMN nick;\n",
		"ALTER TABLE users ADD COLUMN nick text;\nUPDATE users SET nick = name;\nALTER TABLE users ADD CONSTRAINT users_nick_not_null_check CHECK (nick IS NOT NULL) NOT VALID;\n" +
			"--\n" + validates + "ALTER TABLE users VALIDATE CONSTRAINT users_nick_not_null_check;\n" +
			"--\n-- The validated checks spare SET NOT NULL its look at the rows.\nALTER TABLE users ALTER COLUMN nick SET NOT NULL;\nALTER TABLE users DROP CONSTRAINT users_nick_not_null_check;\n",
	},
	{
		"VALIDATE in the same transaction",
		"SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT adult;\n", "ALTER TABLE users DROP CONSTRAINT adult;\n",
		"SET LOCAL lock_timeout = '2s';\nALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;\n--\n" + validates + "SET LOCAL lock_timeout = '2s';\nALTER TABLE users VALIDATE CONSTRAINT adult;\n",
	},
	{
		"REINDEX", "REINDEX TABLE posts;\n", "-- Nothing.\n",
		"-- atlas:txmode none\n\nREINDEX TABLE CONCURRENTLY posts;\n",
	},
	{
		"REFRESH of a view with a unique index", "BEGIN;\nREFRESH MATERIALIZED VIEW names;\nCOMMIT;\n", "-- Nothing.\n",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY names;\n",
	},
	{
		"CONCURRENTLY in a transaction", "ALTER TABLE users ADD COLUMN a int;\nCREATE INDEX CONCURRENTLY users_a ON users (a);\n", "DROP INDEX users_a;\nALTER TABLE users DROP COLUMN a;\n",
		"ALTER TABLE users ADD COLUMN a int;\n--\n-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY users_a ON users (a);\n",
	},
	{
		"words in strings and comments, and quoted names",
		"ALTER TABLE users -- ADD UNIQUE (x),\n  ADD COLUMN \"a,b\" text DEFAULT 'CREATE INDEX; x', ADD CONSTRAINT \"Odd \"\" name\" CHECK (name <> ', ADD CHECK (') ;\n", "ALTER TABLE users DROP COLUMN \"a,b\";\nALTER TABLE users DROP CONSTRAINT \"Odd \"\" name\";\n",
		"ALTER TABLE users\n    ADD COLUMN \"a,b\" text DEFAULT 'CREATE INDEX; x',\n    ADD CONSTRAINT \"Odd \"\" name\" CHECK (name <> ', ADD CHECK (') NOT VALID;\n--\n" + validates + "ALTER TABLE users VALIDATE CONSTRAINT \"Odd \"\" name\";\n",
	},
	{
		"directives are carried over",
		"-- plinth:parents 10\n-- plinth:statement-timeout 90s\n-- atlas:nolint long-work-after-lock small\n\nCREATE INDEX users_email ON users (email);\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 1);\n", "ALTER TABLE users DROP CONSTRAINT c;\nDROP INDEX users_email;\n",
		"-- atlas:txmode none\n-- plinth:parents 10\n-- plinth:statement-timeout 90s\n-- atlas:nolint long-work-after-lock small\n\nCREATE INDEX CONCURRENTLY users_email ON users (email);\n" +
			"--\n-- plinth:parents 20\n-- plinth:statement-timeout 90s\n-- atlas:nolint long-work-after-lock small\n\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 1) NOT VALID;\n" +
			"--\n-- plinth:parents 21\n-- plinth:statement-timeout 90s\n\n" + validates + "ALTER TABLE users VALIDATE CONSTRAINT c;\n",
	},
}

const validates = "-- Reads the rows while readers and writers go on: it must not share a transaction with what took a stronger lock.\n"

func TestARewrittenMigrationDoesTheSameAndIsReverted(t *testing.T) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			old := map[string]string{"10_base.up.sql": baseUp, "10_base.down.sql": baseDown, "20_m.up.sql": c.up, "20_m.down.sql": c.down}
			result, err := plan(t, old, "20")
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range result.Skipped {
				t.Error(s)
			}
			if got := ups(result); got != c.want {
				t.Errorf("up files:\n%s\nwant:\n%s", got, c.want)
			}
			after := maps.Clone(old)
			maps.Copy(after, result.Files())
			before, now := os.DirFS(folder(t, old)), os.DirFS(folder(t, after))
			proof, err := fix.Prove(t.Context(), scratch(t), result, before, now)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range proof.Faults {
				t.Error(fault)
			}
			dir, err := migrate.ReadDir(now)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings(dir, func(v string) bool { return v != "10" }) {
				if f.Severity == lint.Error && f.Rule.Group == lint.Blocking {
					t.Errorf("left: %s:%d: %s: %s", f.File, f.Line, f.Rule.Name, f.Message)
				}
			}
			if t.Failed() {
				for _, name := range slices.Sorted(maps.Keys(result.Files())) {
					t.Logf("%s\n%s", name, result.Files()[name])
				}
			}
		})
	}
}

// ups are the up files of the first rewrite.
func ups(result *fix.Result) string {
	var list []string
	for _, w := range result.Rewrites {
		for _, f := range w.New {
			list = append(list, f.Up)
		}
	}
	return strings.Join(list, "--\n")
}

func TestWhatDoesNotFitStaysAndIsSaid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, up, down, want string }{
		{"no inverse in the down", "CREATE INDEX i ON users (email);", "SELECT 1;", "its down has no statement DROP INDEX i"},
		{"a down for two", "CREATE INDEX i ON users (email);", "DROP INDEX i, posts_title;", "its down has no statement DROP INDEX i"},
		{"a key of nullable columns", "ALTER TABLE posts ADD PRIMARY KEY (author);", "ALTER TABLE posts DROP CONSTRAINT posts_pkey;", "may hold NULL"},
		{"with its column", "ALTER TABLE users ADD COLUMN a int DEFAULT 1 CHECK (a > 0);", "ALTER TABLE users DROP COLUMN a;", "a constraint of its own"},
		{"LOCK TABLE", "LOCK TABLE posts;\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 1);", "ALTER TABLE users DROP CONSTRAINT c;", "LOCK TABLE in line 1 is for the whole transaction"},
		{"a setting", "SET search_path = public;\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 1);", "ALTER TABLE users DROP CONSTRAINT c;", "SET SEARCH_PATH in line 1"},
		{"CASCADE", "DROP INDEX posts_title CASCADE;", "CREATE INDEX posts_title ON posts (title);", "no CASCADE"},
		{"a view without a unique index", "CREATE MATERIALIZED VIEW IF NOT EXISTS other AS SELECT 1;\nREFRESH MATERIALIZED VIEW another;", "", "needs a unique index on another"},
		{"a directive of another tool", "-- atlas:delimiter \\n\\n\nCREATE INDEX i ON users (email);", "DROP INDEX i;", "atlas:delimiter"},
		{"a down that fits two parts", "UPDATE users SET age = 1 WHERE id = 1;\nCREATE INDEX i ON users (email);\nUPDATE users SET age = 1 WHERE id = 1;", "UPDATE users SET age = 2 WHERE id = 1;\nDROP INDEX i;", "cannot be divided"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			result, err := plan(t, map[string]string{"10_base.up.sql": baseUp, "10_base.down.sql": baseDown, "20_m.up.sql": c.up, "20_m.down.sql": c.down}, "20")
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Rewrites) > 0 || len(result.Skipped) == 0 || !strings.Contains(result.Skipped[0].String(), c.want) {
				t.Errorf("rewritten %q, skipped %v, want %q", ups(result), result.Skipped, c.want)
			}
		})
	}
}

func TestWhatTheFileMakesIsLeftAlone(t *testing.T) {
	t.Parallel()
	result, err := plan(t, map[string]string{"1_m.up.sql": "CREATE TABLE t (a int);\nCREATE INDEX ON t (a);\nALTER TABLE t ADD CHECK (a > 0), ALTER a SET NOT NULL;\n"})
	if err != nil || len(result.Rewrites)+len(result.Skipped) > 0 {
		t.Errorf("%v, %v", result, err)
	}
}

func TestAFileThatIsNamedAsParentIsFollowedByItsLastPart(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"20260101000000_base.up.sql": baseUp,
		"20260101000059_m.up.sql":    "-- plinth:parents 20260101000000\nALTER TABLE users ADD CONSTRAINT c CHECK (age > 1);\n",
		"20260102000000_n.up.sql":    "-- plinth:parents 20260101000059\nCREATE TABLE n ();\n",
	}
	result, err := plan(t, files)
	if err != nil {
		t.Fatal(err)
	}
	after := maps.Clone(files)
	maps.Copy(after, result.Files())
	var versions []string
	for _, f := range read(t, after).Ordered() {
		versions = append(versions, f.Version+" "+f.Name+" after "+strings.Join(f.Parents, ","))
	}
	want := []string{"20260101000000 base after ", "20260101000059 m after 20260101000000", "20260101000100 m_2 after 20260101000059", "20260102000000 n after 20260101000100"}
	if !slices.Equal(versions, want) {
		t.Errorf("got %q, want %q", versions, want)
	}
	if _, err := plan(t, files, "20260101000059"); err == nil || !strings.Contains(err.Error(), "20260102000000_n.up.sql names 20260101000059") {
		t.Errorf("a follower that may not be changed: %v", err)
	}
}

func TestAVersionWithoutRoomIsRefused(t *testing.T) {
	t.Parallel()
	_, err := plan(t, map[string]string{"8_base.up.sql": baseUp, "9_m.up.sql": "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 1);\n", "10_n.up.sql": "CREATE TABLE n ();\n"})
	if err == nil || !strings.Contains(err.Error(), "9_m.up.sql would become 2 files, and 10_n.up.sql leaves no versions between them") {
		t.Error(err)
	}
}

func TestTheProofObjects(t *testing.T) {
	t.Parallel()
	old := map[string]string{"1_m.up.sql": "CREATE TABLE t (a int, b int);\n", "1_m.down.sql": "DROP TABLE t;\n", "2_m.up.sql": "ALTER TABLE t ADD c int, ADD d int;\n", "2_m.down.sql": "ALTER TABLE t DROP c, DROP d;\n"}
	for _, c := range []struct{ name, up, down, want string }{
		{"to another schema", "ALTER TABLE t ADD c int, ADD d bigint;\n", old["2_m.down.sql"], "altered column public.t.d"},
		{"to another order of columns", "ALTER TABLE t ADD d int, ADD c int;\n", old["2_m.down.sql"], "the order of columns would be another: column public.t.c"},
		{"to an up that fails", "ALTER TABLE t ADD c int, ADD d int, DROP e;\n", old["2_m.down.sql"], "2_m.up.sql:1:"},
		{"to a down that leaves something", old["2_m.up.sql"], "ALTER TABLE t DROP c;\n", "2_m.up.sql: the down does not bring back the schema"},
		{"to nothing", old["2_m.up.sql"], old["2_m.down.sql"], ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			after := maps.Clone(old)
			after["2_m.up.sql"], after["2_m.down.sql"] = c.up, c.down
			file := read(t, after).Find("2")
			result := &fix.Result{Rewrites: []fix.Rewrite{{Old: file, New: []*migrate.File{file}}}}
			proof, err := fix.Prove(t.Context(), scratch(t), result, os.DirFS(folder(t, old)), os.DirFS(folder(t, after)))
			if err != nil {
				t.Fatal(err)
			}
			if found := strings.Join(proof.Faults, "\n"); !strings.Contains(found, c.want) || (found == "") != (c.want == "") {
				t.Errorf("got %q, want %q", found, c.want)
			}
		})
	}
}
