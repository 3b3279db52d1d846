package diff_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/diff"
)

func TestWhatDoesNotBelongIntoTheSQLFolderIsRefused(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"CREATE VIEW v AS SELECT 'x", "v.sql:1:25: the quoted string"},
		{"\n  INSERT INTO items VALUES (1)", "v.sql:2:3: INSERT makes no object"},
		{"UPDATE items SET name = ''", "plinth new"},
		{"DROP VIEW v", "remove the CREATE statement"},
		{"BEGIN", "transactions are the engine's"},
		{"SET search_path = api", "each statement is run by itself"},
		{"CREATE TABLE t (id int)", "the Ent schema"},
		{"CREATE UNLOGGED TABLE t (id int)", "CREATE UNLOGGED"},
		{"CREATE TYPE mood AS ENUM ()", "plinth.NativeEnum"},
		{"CREATE TEMP VIEW v AS SELECT 1", "temporary"},
		{"CREATE SEQUENCE s", "CREATE SEQUENCE"},
		{"CREATE AGGREGATE a (int) (SFUNC = f, STYPE = int)", "CREATE AGGREGATE"},
		{"CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", "CREATE EVENT"},
		{"CREATE SCHEMA api CREATE VIEW v AS SELECT 1", "statements of their own"},
		{"CREATE ROLE app", "CREATE ROLE reaches beyond"},
		{"CREATE DATABASE d", "CREATE DATABASE reaches beyond"},
		{"ALTER SYSTEM SET work_mem = 1", "ALTER SYSTEM reaches beyond"},
		{"COPY items FROM PROGRAM 'rm'", "COPY ... PROGRAM reaches beyond"},
		{"GRANT app TO other", "GRANT of a role"},
		{"GRANT CONNECT ON DATABASE d TO PUBLIC", "GRANT of a role"},
		{"COMMENT ON DATABASE d IS ''", "COMMENT ON DATABASE"},
		{"ALTER TABLE items ADD COLUMN x int", "ENABLE or FORCE ROW LEVEL SECURITY"},
		{"ALTER TABLE items ENABLE ROW LEVEL SECURITY, DROP COLUMN name", "ENABLE or FORCE ROW LEVEL SECURITY"},
		{"ALTER VIEW v RENAME TO w", "change the CREATE statement"},
	}
	for _, tt := range tests {
		_, err := diff.SQLModel(objectTables).WithSQL(map[string]string{"v.sql": tt.sql})
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "v.sql:") {
			t.Errorf("%s: %v", tt.sql, err)
		}
	}
}

func TestSQLThatTheServerRefusesNamesItsPlace(t *testing.T) {
	tests := []struct {
		name, sql string
		want      []string
	}{
		{"syntax", "CREATE VIEW v AS\n  SELECT id FRM items;", []string{"a.sql:2:"}},
		{"a missing table", "CREATE VIEW ok AS SELECT 1;\nCREATE VIEW v AS\nSELECT * FROM itemz", []string{"a.sql:3:15", "itemz"}},
		{"one cause", "CREATE VIEW w AS SELECT * FROM v; CREATE VIEW v AS SELECT 1/;", []string{"a.sql:1:"}},
		{"made twice", "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 1 AS a", []string{"a.sql:1:33", `"v"`}},
		{"a role", "CREATE POLICY p ON items TO \"no one\", PUBLIC USING (true)", []string{"a.sql:1:1", `no role "no one"`, "plinth new"}},
		{"a role's privileges", "CREATE VIEW v AS SELECT 1; GRANT SELECT ON v TO nobody_here", []string{"a.sql:1:28", `no role "nobody_here"`}},
		{"an index on a table", "CREATE INDEX i ON public . items (name)", []string{"a.sql:1:1", "is a table", "Ent schema"}},
		{"privileges on a table", "GRANT SELECT ON items TO PUBLIC", []string{"a.sql:1:1", "privileges on items"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := withSQL(t, objectTables, map[string]string{"a.sql": tt.sql})
			_, err := diff.Plan(t.Context(), input(t, m, nil))
			if _, ok := errors.AsType[*diff.ModelError](err); !ok {
				t.Fatalf("err = %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
			if tt.name == "one cause" && strings.Contains(err.Error(), "relation") {
				t.Errorf("what follows from the cause is told too: %v", err)
			}
		})
	}
}

// TestATableThatMissesAFunction names why the function is missing.
func TestATableThatMissesAFunction(t *testing.T) {
	m := withSQL(t, "CREATE TABLE t (id int DEFAULT f())", map[string]string{"f.sql": "CREATE FUNCTION f() RETURNS inte LANGUAGE sql AS 'SELECT 1'"})
	_, err := diff.Plan(t.Context(), input(t, m, nil))
	if _, ok := errors.AsType[*diff.ModelError](err); !ok || !strings.Contains(err.Error(), "f()") || !strings.Contains(err.Error(), `f.sql:1:1: pq: type "inte"`) {
		t.Errorf("err = %v", err)
	}
}

func TestMadeTwiceInTwoFiles(t *testing.T) {
	m := withSQL(t, objectTables, map[string]string{"a.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS a", "b.sql": "CREATE OR REPLACE VIEW v AS SELECT 2 AS a"})
	if _, err := diff.Plan(t.Context(), input(t, m, nil)); err == nil || !strings.Contains(err.Error(), "b.sql:1:1") {
		t.Errorf("err = %v", err)
	}
}

func TestTheSQLFolderIsPartOfTheSchema(t *testing.T) {
	dir := "testdata/faults/sql"
	_, err := diff.LoadModel(dir)
	fault, ok := errors.AsType[*diff.SchemaError](err)
	if !ok || fault.Dir != dir || !strings.Contains(err.Error(), filepath.Join(dir, "sql/b.sql")+":2:1: DROP") {
		t.Errorf("err = %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "sql", "a.sql")); err != nil {
		t.Fatal(err)
	}
}

func TestManagedFollowsTheFiles(t *testing.T) {
	got := diff.Managed(
		"-- plinth:parents 1\n-- plinth:objects view a\n-- plinth:objects  function f(integer,  text)\n\nSELECT 1;\n-- plinth:objects view late\n",
		"SELECT 1;",
		"-- plinth:objects view b\n-- plinth:objects-dropped view a\n",
	)
	if want := []string{"function f(integer, text)", "view b"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestWhatIsDroppedAndMadeByHandAgainIsKept: it is no longer the plan's.
func TestWhatIsDroppedAndMadeByHandAgainIsKept(t *testing.T) {
	with := withSQL(t, objectTables, map[string]string{"v.sql": "CREATE VIEW v AS SELECT id FROM items"})
	without := withSQL(t, objectTables, nil)
	d := directory{}
	for _, m := range []*diff.Model{with, without} {
		r, err := diff.Plan(t.Context(), managed(t, m, d))
		if err != nil {
			t.Fatal(err)
		}
		d = append(d, ups(r)...)
	}
	r, err := diff.Plan(t.Context(), managed(t, without, append(d, "CREATE VIEW v AS SELECT name FROM items")))
	if err != nil || len(r.Files) > 0 || !slices.Equal(r.Kept, []string{"view public.v"}) {
		t.Errorf("%v %v\n%s", err, r.Kept, text(r))
	}
}

// TestWhatIsGrantedByHandAfterwardsIsKept: a plan takes back what one granted, once.
func TestWhatIsGrantedByHandAfterwardsIsKept(t *testing.T) {
	const view, grant = "CREATE VIEW v AS SELECT id FROM items;", "GRANT SELECT ON v TO PUBLIC;"
	without := withSQL(t, objectTables, map[string]string{"v.sql": view})
	for name, between := range map[string]*diff.Model{"the grant goes": without, "the view goes": withSQL(t, objectTables, nil)} {
		d := directory{}
		for _, m := range []*diff.Model{withSQL(t, objectTables, map[string]string{"v.sql": view + grant}), between, without} {
			r, err := diff.Plan(t.Context(), managed(t, m, d))
			if err != nil {
				t.Fatal(err)
			}
			d = append(d, ups(r)...)
		}
		r, err := diff.Plan(t.Context(), managed(t, without, append(d, grant)))
		if err != nil || len(r.Files) > 0 || !slices.Equal(r.Kept, []string{"privileges on view public.v"}) {
			t.Errorf("%s: %v %v\n%s", name, err, r.Kept, text(r))
		}
	}
}

func TestDroppingAnExtensionThatIsUsedNeedsPermission(t *testing.T) {
	const tables = "CREATE TABLE items (id int PRIMARY KEY, mail %s)"
	before := withSQL(t, strings.Replace(tables, "%s", "citext", 1), map[string]string{"e.sql": "CREATE EXTENSION citext"})
	r, err := diff.Plan(t.Context(), managed(t, before, nil))
	if err != nil {
		t.Fatal(err)
	}
	in := managed(t, withSQL(t, strings.Replace(tables, "%s", "text", 1), nil), ups(r))
	in.AllowDrop = false
	_, err = diff.Plan(t.Context(), in)
	if drop, ok := errors.AsType[*diff.DropError](err); !ok || !slices.Contains(drop.Objects, "extension citext") {
		t.Errorf("err = %v", err)
	}
}

// TestAGeneratedColumnKeepsItsFunction: its values would have to be computed anew.
func TestAGeneratedColumnKeepsItsFunction(t *testing.T) {
	const tables = "CREATE TABLE items (id bigint PRIMARY KEY, twice bigint GENERATED ALWAYS AS (twice(id)) STORED)"
	before := withSQL(t, tables, map[string]string{"f.sql": "CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2'"})
	after := withSQL(t, tables, map[string]string{"f.sql": "CREATE FUNCTION twice(m bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT m * 2'"})
	r, err := diff.Plan(t.Context(), managed(t, before, nil))
	if err != nil {
		t.Fatal(err)
	}
	_, err = diff.Plan(t.Context(), managed(t, after, ups(r)))
	if _, ok := errors.AsType[*diff.UnsafeError](err); !ok || !strings.Contains(err.Error(), "items.twice") {
		t.Errorf("err = %v", err)
	}
}

func TestACancelledBuildIsNoFaultOfTheFiles(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := input(t, withSQL(t, objectTables, map[string]string{"v.sql": "CREATE VIEW v AS SELECT id FROM items"}), nil)
	cancel()
	if _, err := diff.Plan(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// TestObjectsFollowARename: what a plan made stays the plan's under its table's new name.
func TestObjectsFollowARename(t *testing.T) {
	sql := func(table, column string) map[string]string {
		return map[string]string{"t.sql": strings.NewReplacer("TABLE_NAME", table, "COLUMN_NAME", column).Replace(`
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER watched BEFORE UPDATE OF COLUMN_NAME ON TABLE_NAME FOR EACH ROW EXECUTE FUNCTION watch();
ALTER TABLE TABLE_NAME ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON TABLE_NAME USING (COLUMN_NAME <> '');
CREATE FUNCTION label(x TABLE_NAME) RETURNS text BEGIN ATOMIC SELECT (x).COLUMN_NAME AS n; END;
REVOKE EXECUTE ON FUNCTION label FROM PUBLIC;
CREATE VIEW names AS SELECT id, COLUMN_NAME AS n FROM TABLE_NAME`)}
	}
	before := withSQL(t, "CREATE TABLE items (id bigint, name text, CONSTRAINT pk PRIMARY KEY (id))", sql("items", "name"))
	const goods = "CREATE TABLE goods (id bigint, title text, CONSTRAINT pk PRIMARY KEY (id))"
	after := withSQL(t, goods, sql("goods", "title")).Renamed(diff.Alike{Table: "goods", Old: "items"}, diff.Alike{Table: "goods", Column: "title", Old: "name"})
	start, err := diff.Plan(t.Context(), managed(t, before, nil))
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	upDownUp(t, db, start)
	r, err := diff.Plan(t.Context(), managed(t, after, ups(start)))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(text(r))
	upDownUp(t, db, r)
	for _, c := range r.Changes {
		if c.Change != "rename" {
			t.Errorf("more than a rename: %v", c)
		}
	}
	changes, err := diff.Check(t.Context(), managed(t, after, ups(start)))
	if err != nil || len(changes) != len(r.Changes) {
		t.Errorf("check before: %v, %v", changes, err)
	}
	d := append(ups(start), ups(r)...)
	if changes, err = diff.Check(t.Context(), managed(t, after, d)); err != nil || len(changes) > 0 {
		t.Errorf("check after: %v, %v", changes, err)
	}
	gone, err := diff.Plan(t.Context(), managed(t, withSQL(t, goods, nil), d))
	if err != nil || len(gone.Kept) > 0 || len(gone.Changes) != 6 {
		t.Errorf("%v kept %v\n%s", err, gone.Kept, text(gone))
	}
}

// TestAPolicyNamesARoleThatTheDirectoryMakes: Plinth makes no roles.
func TestAPolicyNamesARoleThatTheDirectoryMakes(t *testing.T) {
	if !pgtest.Test(t).Owned() {
		t.Skip("the server is somebody's")
	}
	d := directory{"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'plinth_reader') THEN CREATE ROLE plinth_reader; END IF; END $$"}
	const sql = "CREATE POLICY readers ON items FOR SELECT TO plinth_reader, CURRENT_USER USING (true); CREATE VIEW v AS SELECT 1 AS a; GRANT SELECT ON v TO plinth_reader WITH GRANT OPTION"
	r, err := diff.Plan(t.Context(), managed(t, withSQL(t, objectTables, map[string]string{"p.sql": sql}), d))
	if err != nil {
		t.Fatal(err)
	}
	contains(t, r, `GRANT SELECT ON TABLE "v" TO plinth_reader WITH GRANT OPTION;`)
	t.Log(text(r))
}

// TestAnExtensionMayGrantOnItsTables, as PostGIS does, while the schema folder grants something else.
func TestAnExtensionMayGrantOnItsTables(t *testing.T) {
	const extension = "; CREATE EXTENSION citext; CREATE TABLE its_own (); GRANT SELECT ON its_own TO PUBLIC; ALTER EXTENSION citext ADD TABLE its_own"
	m := withSQL(t, objectTables+extension, map[string]string{"v.sql": "CREATE VIEW v AS SELECT id FROM items; GRANT SELECT ON v TO PUBLIC"})
	if err := m.Build(t.Context(), database(t)); err != nil {
		t.Error(err)
	}
}

// TestAViewByHandIsNotRebuiltWithLess: what a plan cannot make again it does not take away, whether or not its down is proven.
func TestAViewByHandIsNotRebuiltWithLess(t *testing.T) {
	const hand = "CREATE MATERIALIZED VIEW mine AS SELECT id, amount FROM orders; COMMENT ON COLUMN mine.amount IS 'c';"
	after := withSQL(t, strings.Replace(objectTables, "amount int", "amount bigint", 1), nil)
	for _, more := range []string{"GRANT SELECT (id) ON mine TO PUBLIC", "GRANT SELECT (amount) ON mine TO PUBLIC", "CREATE STATISTICS s ON id, amount FROM mine", ""} {
		in := managed(t, after, directory{objectTables, hand + more})
		in.Verify = false
		_, err := diff.Plan(t.Context(), in)
		if _, ok := errors.AsType[*diff.MismatchError](err); ok != (more != "") {
			t.Errorf("%s: err = %v", more, err)
		}
	}
}

// TestAFunctionUnderAViewByHandIsNotDropped says which view it is.
func TestAFunctionUnderAViewByHandIsNotDropped(t *testing.T) {
	start, err := diff.Plan(t.Context(), managed(t, withSQL(t, objectTables, map[string]string{"f.sql": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"}), nil))
	if err != nil {
		t.Fatal(err)
	}
	d := append(ups(start), "CREATE VIEW mine AS SELECT f() AS a")
	_, err = diff.Plan(t.Context(), managed(t, withSQL(t, objectTables, nil), d))
	if _, ok := errors.AsType[*diff.UnsafeError](err); !ok || !strings.Contains(err.Error(), "view mine") {
		t.Errorf("err = %v", err)
	}
}

// A policy that is forced holds for the owner too, who would number rows anew from those that it lets him see.
func TestAPlanDoesNotPassOverRowsThatAPolicyHides(t *testing.T) {
	const policy = "ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY; CREATE POLICY few ON notes USING (id < 3)"
	files := map[string]string{"notes.sql": policy}
	before := withSQL(t, "CREATE TABLE notes (id bigint PRIMARY KEY)", files)
	after := withSQL(t, "CREATE TABLE notes (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)", files)
	start, err := diff.Plan(t.Context(), managed(t, before, nil))
	if err != nil {
		t.Fatal(err)
	}
	plan, err := diff.Plan(t.Context(), managed(t, after, ups(start)))
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	must(t, db, strings.Join(ups(start), "\n")+`;
		INSERT INTO notes VALUES (1), (900);
		CREATE ROLE diff_owner;
		GRANT CREATE, USAGE ON SCHEMA public TO diff_owner;
		ALTER TABLE notes OWNER TO diff_owner`)
	defer must(t, db, "DROP OWNED BY diff_owner; DROP ROLE diff_owner")
	run := func(role string) error {
		_, err := db.ExecContext(t.Context(), "BEGIN; SET LOCAL ROLE "+role+";\n"+strings.Join(ups(plan), "\n")+"\nCOMMIT")
		if err != nil {
			must(t, db, "ROLLBACK")
		}
		return err
	}
	if err := run("diff_owner"); err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("the owner numbers from what he sees: %v", err)
	}
	must(t, db, "ALTER ROLE diff_owner BYPASSRLS")
	if err := run("diff_owner"); err != nil {
		t.Fatal(err)
	}
	next := 0
	if err := db.QueryRowContext(t.Context(), "INSERT INTO notes DEFAULT VALUES RETURNING id").Scan(&next); err != nil || next != 901 {
		t.Errorf("the next id is %d (%v), want 901", next, err)
	}
}
