package diff_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// itemsBefore is the directory of testdata/indexes/before, with more SQL by hand after it.
func itemsBefore(t *testing.T, byHand ...string) directory {
	t.Helper()
	d, _ := starts.LoadOrStore("items", ups(planned(t, model(t, "testdata/indexes/before"), nil)))
	return append(slices.Clone(d.(directory)), byHand...)
}

const madeByHand = `
CREATE EXTENSION btree_gist;
CREATE SCHEMA audit;
CREATE TABLE audit.log (id int);
CREATE SEQUENCE numbers;
CREATE TYPE mood AS ENUM ('happy');
CREATE FUNCTION cheer(mood) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE VIEW cheap AS SELECT id FROM items;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER items_note BEFORE UPDATE ON items FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE items ENABLE ROW LEVEL SECURITY;
CREATE POLICY items_read ON items FOR SELECT USING (true);
ALTER TABLE items ADD CONSTRAINT items_apart EXCLUDE USING gist (id WITH =, price WITH <>);
ALTER TABLE items ADD CONSTRAINT items_once UNIQUE (kind, slug) DEFERRABLE;
CREATE INDEX items_lower ON items (lower(name));
CREATE STATISTICS items_stats ON kind, price FROM items;
COMMENT ON TABLE items IS 'kept';
COMMENT ON COLUMN items.kind IS 'kept too';
COMMENT ON CONSTRAINT gone ON items IS 'kept as well';
COMMENT ON INDEX by_slug IS 'rebuilt with its index';
ALTER TABLE items SET (fillfactor = 80);
GRANT SELECT ON items TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`

func TestWhatMigrationsMadeByHandIsKept(t *testing.T) {
	// A dump leaves the session without a search_path.
	d := itemsBefore(t, madeByHand, "SELECT set_config('search_path', '', false)")
	r, err := diff.Plan(t.Context(), input(t, model(t, "testdata/indexes/before"), d))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Files) > 0 || len(r.Changes) > 0 {
		t.Errorf("things by hand must not be planned:\n%s", text(r))
	}
	want := []string{
		"comment kept on table public.items", "comment kept too on column public.items.kind", "constraint public.items.items_apart",
		"constraint public.items.items_once", "enum public.mood", "extension btree_gist", "function public.note()", "index public.items_lower",
		"policy public.items.items_read", "privileges on table public.items", "row security on table public.items", "schema audit", "sequence public.numbers",
		"statistics public.items_stats", "table audit.log", "table public.events", "trigger public.items.items_note", "view public.cheap",
	}
	for _, name := range want {
		if n := count(r.Kept, name); n != 1 {
			t.Errorf("%q is named %d times, want once, in\n%s", name, n, strings.Join(r.Kept, "\n"))
		}
	}
	if slices.ContainsFunc(r.Kept, func(k string) bool { return strings.Contains(k, "audit.log.") || strings.Contains(k, "items.price") }) {
		t.Errorf("parts of what is kept, or of the model, are named:\n%s", strings.Join(r.Kept, "\n"))
	}
}

func count(list []string, want string) (n int) {
	for _, s := range list {
		if s == want {
			n++
		}
	}
	return n
}

func TestAPlanWorksAroundWhatIsMadeByHand(t *testing.T) {
	d := itemsBefore(t, madeByHand)
	r := planned(t, model(t, "testdata/indexes/after"), d)
	contains(t, r, `CREATE INDEX "by_slug"`, `COMMENT ON INDEX "by_slug" IS 'rebuilt with its index';`)
	if again := planned(t, model(t, "testdata/indexes/after"), append(d, ups(r)...)); len(again.Files) > 0 {
		t.Errorf("the second plan is not empty:\n%s", text(again))
	}
}

func TestWhatStandsOnADroppedTableIsNamedInTheDirective(t *testing.T) {
	d := itemsBefore(t, `
CREATE TABLE legacy (id int PRIMARY KEY, note text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
ALTER TABLE legacy ALTER note SET STATISTICS 7;
CREATE TRIGGER watched BEFORE UPDATE ON legacy FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE legacy ENABLE ROW LEVEL SECURITY`)
	r := planned(t, model(t, "testdata/indexes/before"), d)
	directive, _, _ := strings.Cut(r.Files[0].Down, "\n")
	for _, want := range []string{"-- plinth:irreversible ", "the data of table legacy", "statistics target 7 on column public.legacy.note"} {
		if !strings.Contains(directive, want) {
			t.Errorf("%q is missing in %s", want, directive)
		}
	}
	for _, want := range []string{"CREATE TRIGGER watched BEFORE UPDATE ON legacy", `ALTER TABLE "legacy" ENABLE ROW LEVEL SECURITY`} {
		if strings.Contains(directive, "watched") || !strings.Contains(r.Files[0].Down, want) {
			t.Errorf("the down must bring back %s:\n%s", want, r.Files[0].Down)
		}
	}
}

// TestHandWrittenStateIsBroughtToTheModel takes states that no plan of Plinth's made.
func TestHandWrittenStateIsBroughtToTheModel(t *testing.T) {
	tests := []struct{ name, byHand, want string }{
		{
			"NOT VALID is validated", `ALTER TABLE items DROP CONSTRAINT gone, ADD CONSTRAINT gone CHECK (price < 1000) NOT VALID`,
			`ALTER TABLE "items" VALIDATE CONSTRAINT "gone";`,
		},
		{
			"another name of a primary key", `ALTER TABLE items RENAME CONSTRAINT items_pkey TO pk`,
			`ALTER TABLE "items" RENAME CONSTRAINT "pk" TO "items_pkey";`,
		},
		{
			"a constraint in the place of a unique index", `DROP INDEX by_slug; ALTER TABLE items ADD CONSTRAINT by_slug UNIQUE (slug)`,
			`CREATE UNIQUE INDEX "by_slug" ON "items" (slug);`,
		},
		{
			"another collation", `ALTER TABLE items ALTER name TYPE varchar COLLATE "C"`,
			`ALTER TABLE "items" ALTER COLUMN "name" TYPE character varying;`,
		},
		{
			"a default that the model lacks", `ALTER TABLE items ALTER name SET DEFAULT 'x'`,
			`ALTER TABLE "items" ALTER COLUMN "name" DROP DEFAULT;`,
		},
		{"another type of an identity", `ALTER TABLE items ALTER id TYPE integer`, `ALTER TABLE "items" ALTER COLUMN "id" TYPE bigint;`},
		{"an enum type that nothing uses", `CREATE TYPE unused AS ENUM ('a')`, `DROP TYPE "unused";`},
		{
			"a generated column and what it stands on", `ALTER TABLE items ADD a int NOT NULL DEFAULT 1, ADD b int GENERATED ALWAYS AS (a * 2) STORED`,
			`ALTER TABLE "items" DROP COLUMN "b";`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := itemsBefore(t, tt.byHand)
			r := planned(t, model(t, "testdata/indexes/before"), d)
			contains(t, r, tt.want)
			changes, err := diff.Check(t.Context(), input(t, model(t, "testdata/indexes/before"), d))
			if err != nil || len(changes) == 0 {
				t.Errorf("check finds %v, %v", changes, err)
			}
			if len(r.Kept) > 0 {
				t.Errorf("kept %v", r.Kept)
			}
		})
	}
}

func TestColumnOrderIsReportedOnly(t *testing.T) {
	d := itemsBefore(t, `
ALTER TABLE items DROP COLUMN kind CASCADE;
ALTER TABLE items ADD kind varchar NOT NULL, ADD CONSTRAINT kind_known CHECK (kind IN ('a', 'b'));
CREATE INDEX by_kind ON items (kind) WHERE price > 10`)
	r, err := diff.Plan(t.Context(), input(t, model(t, "testdata/indexes/before"), d))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Files) > 0 {
		t.Errorf("the order of columns was planned:\n%s", text(r))
	}
	if len(r.Reorders) != 1 || !strings.Contains(r.Reorders[0], "items") {
		t.Errorf("reorders = %q", r.Reorders)
	}
}

func TestExtensionsOfTheDirectoryAreThereForTheModel(t *testing.T) {
	r := planned(t, model(t, "testdata/citext"), directory{"CREATE EXTENSION citext"})
	contains(t, r, `"id" bigserial NOT NULL`, `"email" citext NOT NULL`, `COMMENT ON TABLE "users" IS 'Somebody''s account';`,
		`COMMENT ON COLUMN "users"."email" IS 'without regard to case';`, `"user_boss" bigint,`)
	_, err := diff.Plan(t.Context(), input(t, model(t, "testdata/citext"), nil))
	if _, ok := errors.AsType[*diff.ModelError](err); !ok || !strings.Contains(err.Error(), "citext") {
		t.Errorf("without the extension: %v", err)
	}
}
