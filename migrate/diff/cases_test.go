package diff_test

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

var update = flag.Bool("update", false, "write the plans of the cases in testdata/cases/plans")

const (
	casesDir    = "testdata/cases"
	maxRefusals = 8
	// checkEvery is how many cases share a call of Check, which asks what the second plan asks already.
	checkEvery = 8
)

// TestEveryKindOfChange is the table of what diff plans. A case is a file of the same name in testdata/cases/before and after; the
// plan, which -update writes, stands in plans. Each plan runs up, down and up again on a database with rows, where the catalogs must
// be equal and the rows must be what the case says; then the second plan is empty.
func TestEveryKindOfChange(t *testing.T) {
	names := caseNames(t)
	t.Run("case", func(t *testing.T) {
		for i, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				loadCase(t, name).run(t, i%checkEvery == 0, false)
			})
		}
	})
	plans, err := filepath.Glob(filepath.Join(casesDir, "plans", "*"))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, path := range plans {
		name, kind, _ := strings.Cut(filepath.Base(path), ".")
		if !slices.Contains(names, name) {
			t.Errorf("%s belongs to no case", path)
		}
		if kind == "refused.txt" {
			refused++
			t.Logf("refused: %s: %s", name, golden(t, path))
		}
	}
	documentCases(t, names)
	t.Logf("%d cases, %d of them refused", len(names), refused)
	if refused > maxRefusals {
		t.Errorf("%d cases are refused, more than %d", refused, maxRefusals)
	}
}

func caseNames(t *testing.T) (names []string) {
	t.Helper()
	for _, side := range []string{"before", "after"} {
		paths, err := filepath.Glob(filepath.Join(casesDir, side, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			names = append(names, strings.TrimSuffix(filepath.Base(path), ".go"))
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if n := count(names, name); n != 2 && name != "doc" {
			t.Errorf("case %s has %d files, want one in before and one in after", name, n)
		}
	}
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "doc" })
}

// run plans and tries one case.
func (c changeCase) run(t *testing.T, alsoCheck, online bool) {
	scratch := pooled(t)
	start, err := c.before.model.Script(t.Context(), scratch)
	if err != nil {
		t.Fatalf("the state before: %v", err)
	}
	files := append(directory{start}, c.before.notes["by hand"]...)
	in := diff.Input{
		Model: c.after.model, Scratch: scratch, Replay: files.replay, Managed: diff.Managed(files...), AllowDrop: true, Verify: true, Online: online,
	}
	golden := c.name
	if online {
		golden = "../online/" + c.name
	}
	r, err := diff.Plan(t.Context(), in)
	if _, ok := errors.AsType[*diff.UnsafeError](err); ok {
		compare(t, golden+".refused.txt", err.Error()+"\n")
		compare(t, golden+".up.sql", "")
		compare(t, golden+".down.sql", "")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	up, down := planText(r)
	compare(t, golden+".up.sql", up)
	compare(t, golden+".down.sql", down)
	compare(t, golden+".refused.txt", "")

	db, drop, err := scratch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer drop()
	must(t, db, strings.Join(files, ""))
	must(t, db, strings.Join(c.before.notes["rows"], ";\n"))
	c.try(t, db, r)

	files = append(files, ups(r)...)
	in.Replay, in.Managed = files.replay, diff.Managed(files...)
	again, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatalf("the second plan: %v", err)
	}
	if len(again.Files) > 0 || len(again.Kept) > 0 {
		t.Errorf("the second plan is not empty: kept %v\n%s", again.Kept, text(again))
	}
	if !alsoCheck {
		return
	}
	if changes, err := diff.Check(t.Context(), in); err != nil || len(changes) > 0 {
		t.Errorf("check after the plan: %v, %v", changes, err)
	}
}

// try runs up, down and up on a database with rows.
func (c changeCase) try(t *testing.T, db *sql.DB, r *diff.Result) {
	t.Helper()
	before, kept := snapshot(t, db), c.before.ask(t, db, "keeps")
	c.mustFail(t, db, r)
	for _, f := range r.Files {
		must(t, db, f.Up)
	}
	after, given := snapshot(t, db), c.after.ask(t, db, "gives")
	if got := c.after.ask(t, db, "keeps"); got != kept {
		t.Errorf("the up changes what must be kept, from\n%s to\n%s", kept, got)
	}
	if want := strings.Join(c.after.notes["gets"], "\n"); want != strings.TrimSpace(given) {
		t.Errorf("the up gives\n%s, want\n%s", given, want)
	}
	for _, f := range slices.Backward(r.Files) {
		must(t, db, f.Down)
	}
	equal(t, "after down", before, snapshot(t, db))
	if got := c.before.ask(t, db, "keeps"); got != kept {
		t.Errorf("the down changes what must be kept, from\n%s to\n%s", kept, got)
	}
	for _, f := range r.Files {
		must(t, db, f.Up)
	}
	equal(t, "after the second up", after, snapshot(t, db))
	if got := c.after.ask(t, db, "keeps"); got != kept {
		t.Errorf("the second up changes what must be kept, from\n%s to\n%s", kept, got)
	}
}

// mustFail runs the up where the case says that its rows stop it, and mends them.
func (c changeCase) mustFail(t *testing.T, db *sql.DB, r *diff.Result) {
	t.Helper()
	for _, want := range c.after.notes["fails"] {
		var err error
		done := 0
		for done < len(r.Files) && err == nil {
			_, err = db.ExecContext(t.Context(), r.Files[done].Up)
			done++
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the up fails with %v, want %q", err, want)
		}
		for _, f := range slices.Backward(r.Files[:max(0, done-1)]) {
			must(t, db, f.Down)
		}
	}
	if mend := c.after.notes["mend"]; mend != nil {
		must(t, db, strings.Join(mend, ";\n"))
	}
}

// TestEveryKindOfChangeOnline is the same for plans of several files, of the cases whose compact plan has a part that waits.
func TestEveryKindOfChangeOnline(t *testing.T) {
	tried := 0
	for _, name := range caseNames(t) {
		plan, err := os.ReadFile(filepath.Join(casesDir, "plans", name+".up.sql"))
		if err != nil || !waits.Match(plan) {
			continue
		}
		tried++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loadCase(t, name).run(t, false, true)
		})
	}
	if tried < 40 {
		t.Errorf("only %d cases", tried)
	}
}

// waits finds what an online plan cuts out of a compact one.
var waits = regexp.MustCompile(`(?m)^(CREATE (UNIQUE )?|DROP )INDEX|(ADD|DROP) CONSTRAINT|SET NOT NULL|ALTER COLUMN \S+ TYPE |ADD COLUMN .* DEFAULT \w+\(`)

// planText is what stands in the golden files. Of two files, each is introduced by its name.
func planText(r *diff.Result) (up, down string) {
	for i, f := range r.Files {
		if len(r.Files) > 1 {
			title := fmt.Sprintf("-- file %d: %s\n", i+1, strings.TrimSuffix("<name>_"+f.Name, "_"))
			up, down = up+title, down+title
		}
		up, down = up+f.Up, down+f.Down
	}
	return up, down
}

// compare holds a text against its golden file; "" is no file.
func compare(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(casesDir, "plans", name)
	if *update {
		var err error
		if got == "" {
			err = os.Remove(path)
		} else {
			err = os.WriteFile(path, []byte(got), 0o644)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return
	}
	if want := golden(t, path); got != want {
		t.Errorf("%s is not what was planned; look at the difference and run the test with -update:\n%s\nwant:\n%s", path, got, want)
	}
}

func golden(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(data)
}
