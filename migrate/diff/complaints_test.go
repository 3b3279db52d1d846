package diff_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
)

// What follows are complaints of users of Ent, Atlas and Alembic, each by the number of its issue. Most look into plans of the cases,
// which TestEveryKindOfChange proves.

// planOf demands statements of the up of a case.
func planOf(t *testing.T, name string, statements ...string) {
	t.Helper()
	plan := golden(t, filepath.Join(casesDir, "plans", name+".up.sql"))
	for _, s := range statements {
		if !strings.Contains(plan, s) {
			t.Errorf("%s lacks %s:\n%s", name, s, plan)
		}
	}
}

// TestEnt872NativeEnums: enum fields are varchar columns in Ent. By plinth.NativeEnum they are types, through their whole life.
func TestEnt872NativeEnums(t *testing.T) {
	planOf(t, "enum_create", `CREATE TYPE "enum_creates_mood" AS ENUM ('sad', 'glad');`)
	planOf(t, "enum_native", `CREATE TYPE "enum_natives_mood"`, `USING "mood"::text::enum_natives_mood;`)
	planOf(t, "enum_rename_value", `RENAME VALUE 'glad' TO 'happy';`)
	planOf(t, "enum_drop", `DROP TYPE "enum_drops_mood";`)
}

// TestAlembic868EnumValues: autogenerate sees no value that comes or goes.
func TestAlembic868EnumValues(t *testing.T) {
	planOf(t, "enum_add_between", `ADD VALUE 'calm' AFTER 'sad';`, `ADD VALUE 'so-so' AFTER 'calm';`)
	planOf(t, "enum_remove", `RAISE EXCEPTION`, `AS ENUM ('sad', 'glad');`)
	planOf(t, "enum_remove_mapped", `WHEN 'calm' THEN 'glad'`)
	planOf(t, "enum_reorder", `AS ENUM ('glad', 'calm', 'sad');`)
}

// TestEnt2986FieldsAreRemovedAndRenamed: Ent's own diff keeps the old column of a field that went or got another name.
func TestEnt2986FieldsAreRemovedAndRenamed(t *testing.T) {
	planOf(t, "column_drop", `DROP COLUMN "age";`)
	planOf(t, "column_rename", `RENAME COLUMN "nick" TO "handle";`)
}

// TestAtlas2211RenamesKeepTheRows: a rename is planned as a drop and an add there.
func TestAtlas2211RenamesKeepTheRows(t *testing.T) {
	planOf(t, "table_rename", `ALTER TABLE "table_rename_olds" RENAME TO "table_rename_news";`)
	planOf(t, "edge_m2m_rename_entity", `RENAME TO "edge_new_club_members";`, `RENAME COLUMN "edge_old_club_id" TO "edge_new_club_id";`)
}

// TestAtlas2367DeferrableConstraints: they are lost there without an error.
func TestAtlas2367DeferrableConstraints(t *testing.T) {
	planOf(t, "edge_deferrable", `ALTER CONSTRAINT "edge_deferrable_parts_edge_deferrables_parts" DEFERRABLE INITIALLY DEFERRED;`)
	planOf(t, "unique_deferrable", `UNIQUE (place) DEFERRABLE INITIALLY DEFERRED;`)
}

// TestEnt3258ExpressionIndexes: what somebody wrote by hand is undone by the next diff there.
func TestEnt3258ExpressionIndexes(t *testing.T) {
	planOf(t, "index_expression_add", `(lower((mail)::text));`)
	d := itemsBefore(t, `CREATE INDEX items_lower ON items (lower(name))`)
	if r := planned(t, model(t, "testdata/indexes/before"), d); len(r.Files) > 0 || count(r.Kept, "index public.items_lower") != 1 {
		t.Errorf("an index by hand is not kept: %v\n%s", r.Kept, text(r))
	}
}

// TestEnt2731DownFilesAreNoMigrations: Ent's NamedDiff replays down files too, and finds the table that they dropped missing.
func TestEnt2731DownFilesAreNoMigrations(t *testing.T) {
	m := model(t, "testdata/indexes/before")
	in := input(t, m, nil)
	in.Replay = directoryOf(t, planned(t, m, nil))
	in.IgnoreSchemas = []string{migrate.DefaultRevisionSchema}
	if r, err := diff.Plan(t.Context(), in); err != nil || len(r.Files) > 0 {
		t.Errorf("the directory does not make what was planned: %v, %v", r, err)
	}
}

// TestAtlas3571DownFilesAreNotApplied: the Atlas command runs the down file as the migration after the up file.
func TestAtlas3571DownFilesAreNotApplied(t *testing.T) {
	db := database(t)
	if err := directoryOf(t, planned(t, model(t, "testdata/indexes/before"), nil))(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	must(t, db, "SELECT id FROM items")
}

// directoryOf is a migration directory of one plan, as plinth diff writes it, replayed as plinth up applies it.
func directoryOf(t *testing.T, r *diff.Result) func(context.Context, *sql.DB) error {
	t.Helper()
	dir := t.TempDir()
	if _, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "first", Up: r.Files[0].Up, Down: r.Files[0].Down}); err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, db *sql.DB) error {
		m, err := migrate.New(db, os.DirFS(dir))
		if err != nil {
			return err
		}
		_, err = m.Up(ctx)
		return err
	}
}
