package diff_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/catalog"
	"github.com/plinth-db/plinth/migrate/diff"
)

// planned is a plan with everything allowed.
func planned(t testing.TB, m *diff.Model, d directory) *diff.Result {
	t.Helper()
	in := input(t, m, d)
	in.AllowDrop = true
	r, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ups(r *diff.Result) (d directory) {
	for _, f := range r.Files {
		d = append(d, f.Up)
	}
	return d
}

// text is all that a plan says, for searching.
func text(r *diff.Result) string {
	var b strings.Builder
	for _, f := range r.Files {
		b.WriteString("== " + f.Name + " up\n" + f.Up + "== " + f.Name + " down\n" + f.Down)
	}
	return b.String()
}

func snapshot(t testing.TB, db *sql.DB) *catalog.Snapshot {
	t.Helper()
	s, err := catalog.Read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func equal(t testing.TB, when string, want, got *catalog.Snapshot) {
	t.Helper()
	for _, c := range catalog.Compare(want, got) {
		t.Errorf("%s: %s\nwant %s\ngot  %s", when, c, c.Before, c.After)
	}
}

// upDownUp runs a plan on a database with rows and looks at the catalogs each time.
func upDownUp(t testing.TB, db *sql.DB, r *diff.Result) {
	t.Helper()
	before := snapshot(t, db)
	for _, f := range r.Files {
		must(t, db, f.Up)
	}
	after := snapshot(t, db)
	for _, f := range slices.Backward(r.Files) {
		must(t, db, f.Down)
	}
	equal(t, "after down", before, snapshot(t, db))
	for _, f := range r.Files {
		must(t, db, f.Up)
	}
	equal(t, "after the second up", after, snapshot(t, db))
}

// roundTrip plans from one schema to another, on a database that holds rows from the first, and checks that the second plan is
// empty. It returns the plan, and the directory with it.
func roundTrip(t *testing.T, before, after, rows string) (*diff.Result, directory) {
	t.Helper()
	start := planned(t, model(t, before), nil)
	files := ups(start)
	db := database(t)
	upDownUp(t, db, start)
	must(t, db, rows)

	r := planned(t, model(t, after), files)
	t.Log(text(r))
	upDownUp(t, db, r)
	files = append(files, ups(r)...)
	if again := planned(t, model(t, after), files); len(again.Files) > 0 || len(again.Changes) > 0 || len(again.Kept) > 0 {
		t.Errorf("the second plan is not empty: kept %v\n%s", again.Kept, text(again))
	}
	changes, err := diff.Check(t.Context(), input(t, model(t, after), files))
	if err != nil || len(changes) > 0 {
		t.Errorf("check after the plan: %v, %v", changes, err)
	}
	return r, files
}
