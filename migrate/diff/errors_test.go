package diff_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

func TestSchemaFaultsNameTheirPlace(t *testing.T) {
	tests := []struct {
		dir  string
		want []string
	}{
		{"testdata/faults/compile", []string{"schema.go:7", "undefinedThing"}},
		{"testdata/faults/empty", []string{"no entity"}},
		{"testdata/faults/notenum", []string{"User.state", "field.Enum", "User.kind", "63 bytes", "not on an entity"}},
		{"testdata/faults/shared", []string{"letters", "User.state", "User.other"}},
		{"testdata/faults/renames", []string{"Item: plinth.RenamedFrom names the entity itself", "Item.same", "Item.text: plinth.RenamedValue needs plinth.NativeEnum", "Item.both", "the old one no more"}},
		{"testdata/faults/places", []string{
			"Item: plinth.Using belongs on a field, not on an entity", "Item.name: plinth.Exclude belongs on an entity, not on a field",
			"Item.parts: plinth.IndexExpr belongs on an index, not on an edge", "index item_name of Item: plinth.OnUpdate belongs on an edge, not on an index",
		}},
		{"testdata/faults/extras", []string{
			"Item: plinth.Exclude(\"\"", "Item.using: plinth.Using wants an expression", "Item.twice: plinth.Generated computes every value", "Item.many: plinth.Deferrable belongs on",
			"Item.text: plinth.RemovedValue needs plinth.NativeEnum", "Item.kept: plinth.RemovedValue(\"a\", \"b\")", "Item.lost: plinth.RemovedValue(\"c\", \"d\")",
			"Item.parts: plinth.OnUpdate(\"MOVE\"): a foreign key knows NO ACTION", "Part.whole: plinth.Deferrable and plinth.OnUpdate belong on the edge.To of Item.parts",
			"Item.clubs: plinth.Deferrable and plinth.OnUpdate belong on the edges of Join",
			"index same of Item: plinth.RenamedFrom names the index itself", "index empty of Item: plinth.IndexExpr has an empty key",
			"index plain of Item: plinth.NullsNotDistinct and plinth.Deferrable belong on a unique index", "index both of Item: plinth.Deferrable makes a constraint",
		}},
		{"testdata/faults", []string{"no Go file"}},
		{"testdata/faults/absent", []string{"no such folder", "--schema"}},
		{"testdata/faults/empty/schema.go", []string{"not a folder"}},
	}
	for _, tt := range tests {
		t.Run(filepath.Base(tt.dir), func(t *testing.T) {
			_, err := diff.LoadModel(tt.dir)
			fault, ok := errors.AsType[*diff.SchemaError](err)
			if !ok || fault.Dir != tt.dir {
				t.Fatalf("err = %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
		})
	}
}

func TestAModelKnowsItsTablesAndEntities(t *testing.T) {
	m := model(t, "testdata/keys/after")
	if got := m.Entities(); !slices.Equal(got, []string{"Group", "Member", "Post", "Room", "User"}) {
		t.Errorf("entities = %v", got)
	}
	fields := make(map[string]string)
	for _, table := range m.Tables() {
		for column, field := range table.Fields {
			fields[table.Name+"."+column] = table.Entity + "." + field
		}
	}
	for column, want := range map[string]string{
		"users.name": "User.name", "posts.user_posts": "Post.author", "user_groups.user_id": "User.groups.user_id", "members.user_id": "Member.user_id",
	} {
		if fields[column] != want {
			t.Errorf("%s is %q, want %q", column, fields[column], want)
		}
	}
}

func TestDropsNeedPermission(t *testing.T) {
	d := itemsBefore(t, `CREATE TABLE legacy (id int); ALTER TABLE items ADD note text`)
	m := model(t, "testdata/indexes/before")
	r, err := diff.Plan(t.Context(), input(t, m, d))
	drop, ok := errors.AsType[*diff.DropError](err)
	if !ok || r != nil || !slices.Equal(drop.Objects, []string{"table legacy", "column items.note"}) {
		t.Fatalf("result %v, err = %v", r, err)
	}
	if !strings.Contains(err.Error(), "--allow-drop") {
		t.Errorf("no way out in: %v", err)
	}
	changes, err := diff.Check(t.Context(), input(t, m, d))
	if err != nil || len(changes) != 2 || changes[0].String() != "drop table legacy" || changes[0].SQL != `DROP TABLE "legacy";` {
		t.Errorf("check tells drops without permission: %v, %v", changes, err)
	}
}

// TestWhatLooksRenamedIsAskedAbout, and so is not dropped by mistake.
func TestWhatLooksRenamedIsAskedAbout(t *testing.T) {
	m := model(t, "testdata/indexes/before")
	_, err := diff.Plan(t.Context(), input(t, m, itemsBefore(t, `ALTER TABLE items RENAME slug TO path; ALTER TABLE items RENAME price TO cost`)))
	drop, ok := errors.AsType[*diff.DropError](err)
	if !ok || !strings.Contains(err.Error(), `Is Item.slug what column items.path was? Then annotate it with plinth.RenamedFrom("path")`) || len(drop.Alike) < 2 {
		t.Errorf("columns: %v", err)
	}
	_, err = diff.Plan(t.Context(), input(t, m, itemsBefore(t, `ALTER TABLE items RENAME TO things`)))
	if !strings.Contains(err.Error(), `Is Item what table things was?`) {
		t.Errorf("table: %v", err)
	}
}

// TestConversionsThatLoseNeedPermission: a fraction that goes is as lost as a column.
func TestConversionsThatLoseNeedPermission(t *testing.T) {
	d := itemsBefore(t, `ALTER TABLE items ALTER price TYPE double precision`)
	m := model(t, "testdata/indexes/before")
	_, err := diff.Plan(t.Context(), input(t, m, d))
	drop, ok := errors.AsType[*diff.DropError](err)
	if !ok || len(drop.Objects) != 1 || !strings.Contains(drop.Objects[0], "items.price") {
		t.Fatalf("err = %v", err)
	}
	in := input(t, m, d)
	in.AllowDrop = true
	if r, err := diff.Plan(t.Context(), in); err != nil || !strings.Contains(r.Files[0].Down, "plinth:irreversible") {
		t.Fatalf("allowed: %v", err)
	}
}

// TestUnsafeChangesSayWhatToDo has changes that would fail, or do harm, on a table with rows.
func TestUnsafeChangesSayWhatToDo(t *testing.T) {
	tests := []struct {
		name, model, byHand string
		want                []string
	}{
		{"a new required column", "testdata/strict", "", []string{"Item.colour", "items.color", "Default", "Optional"}},
		{"required now", "testdata/indexes/before", "ALTER TABLE items ALTER slug DROP NOT NULL", []string{"Item.slug", "SET NOT NULL", "Default"}},
		{
			"a view in the way", "testdata/indexes/before", "ALTER TABLE items ADD extra int; CREATE VIEW v AS SELECT extra FROM items",
			[]string{"column items.extra", "view v", "by hand"},
		},
		{"bytes to text", "testdata/indexes/before", "ALTER TABLE items ALTER slug TYPE bytea USING slug::bytea", []string{"items.slug", "convert_from"}},
		{"no conversion", "testdata/indexes/before", "ALTER TABLE items DROP price CASCADE, ADD price date NOT NULL", []string{"price", "plinth.Using"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, model(t, tt.model), itemsBefore(t, tt.byHand))
			in.AllowDrop = true
			r, err := diff.Plan(t.Context(), in)
			if _, ok := errors.AsType[*diff.UnsafeError](err); !ok || r != nil {
				t.Fatalf("result %v, err = %v", r, err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in: %v", want, err)
				}
			}
			changes, err := diff.Check(t.Context(), in)
			if err != nil || len(changes) == 0 {
				t.Errorf("check calls an unsafe change in sync: %v, %v", changes, err)
			}
		})
	}
}

func TestAPlanThatDoesNotComeBackIsNotHandedOut(t *testing.T) {
	// CLUSTER ON is a mark of an index that is built anew for another type, and that no statement of the plan sets again.
	const table = "CREATE TABLE items (id int PRIMARY KEY, price int); CREATE INDEX by_price ON items ((price + 1))"
	in := input(t, diff.SQLModel(strings.Replace(table, "price int", "price bigint", 1)), directory{table, "ALTER TABLE items CLUSTER ON by_price"})
	in.AllowDrop = true
	r, err := diff.Plan(t.Context(), in)
	mismatch, ok := errors.AsType[*diff.MismatchError](err)
	if !ok || r != nil || mismatch.Step != "down" || len(mismatch.Changes) != 1 || !strings.Contains(err.Error(), "by_price") {
		t.Fatalf("result %v, err = %v", r, err)
	}
	in.Verify = false
	if r, err = diff.Plan(t.Context(), in); err != nil || len(r.Files) != 1 {
		t.Errorf("without the proof of downs: %v, %v", r, err)
	}
}

func TestAFailingReplayIsTheDirectorysFault(t *testing.T) {
	cause := errors.New("file 3 is broken")
	in := input(t, model(t, "testdata/indexes/before"), nil)
	in.Replay = func(context.Context, *sql.DB) error { return cause }
	_, err := diff.Plan(t.Context(), in)
	if _, ok := errors.AsType[*diff.ReplayError](err); !ok || !errors.Is(err, cause) {
		t.Errorf("plan: %v", err)
	}
	_, err = diff.Check(t.Context(), in)
	if _, ok := errors.AsType[*diff.ReplayError](err); !ok || !errors.Is(err, cause) {
		t.Errorf("check: %v", err)
	}
}

func TestIgnoredSchemasAreNotNamed(t *testing.T) {
	in := input(t, model(t, "testdata/indexes/before"), itemsBefore(t, "CREATE SCHEMA atlas_schema_revisions; CREATE TABLE atlas_schema_revisions.r (v int)"))
	in.IgnoreSchemas = []string{"atlas_schema_revisions"}
	r, err := diff.Plan(t.Context(), in)
	if err != nil || len(r.Kept) > 0 {
		t.Errorf("kept %v, %v", r, err)
	}
}

func TestASearchPathWithoutASchemaIsAnError(t *testing.T) {
	in := input(t, diff.SQLModel("SELECT"), directory{"DROP SCHEMA public"})
	if _, err := diff.Plan(t.Context(), in); err == nil || !strings.Contains(err.Error(), "search_path") {
		t.Errorf("err = %v", err)
	}
}

func TestCancelledPlansLeaveNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in := input(t, diff.SQLModel("CREATE TABLE t (id int)"), nil)
	in.Replay = func(context.Context, *sql.DB) error {
		cancel()
		return nil
	}
	if _, err := diff.Plan(ctx, in); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// TestTheJudgeSeesWhatThePlannerDoesNotKnow gives the model things that no plan makes.
func TestTheJudgeSeesWhatThePlannerDoesNotKnow(t *testing.T) {
	const table = "CREATE TABLE t (id int, name text);"
	tests := []struct{ name, model, directory, step, object string }{
		{"an object, nothing else to do", table + "CREATE SEQUENCE s", table, "no plan", "sequence public.s"},
		{"a fact, nothing else to do", table + "ALTER TABLE t ALTER name SET STORAGE EXTERNAL", table, "no plan", "column public.t.name"},
		{"a fact of what the plan makes", table + "ALTER TABLE t SET (fillfactor = 50)", "SELECT", "up", "table public.t"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := input(t, diff.SQLModel(tt.model), directory{tt.directory})
			r, err := diff.Plan(t.Context(), in)
			mismatch, ok := errors.AsType[*diff.MismatchError](err)
			if !ok || r != nil || mismatch.Step != tt.step || !strings.Contains(err.Error(), tt.object) {
				t.Errorf("result %v, err = %v", r, err)
			}
			changes, err := diff.Check(t.Context(), in)
			if err != nil || len(changes) == 0 {
				t.Errorf("check calls it in sync: %v, %v", changes, err)
			}
		})
	}
}
