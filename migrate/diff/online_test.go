package diff_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/lint"
)

var fileTitle = regexp.MustCompile(`(?m)^-- file \d+: .*\n`)

// hazards are the errors that lint has for the plan of a case: who waits, what fails. What is lost is the change itself.
func hazards(t *testing.T, start, folder, name string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(casesDir, folder, name+".up.sql"))
	if err != nil {
		t.Fatal(err)
	}
	sources := []lint.Source{{Name: "before", Text: start}}
	for i, up := range fileTitle.Split(string(text), -1) {
		if strings.TrimSpace(up) != "" {
			sources = append(sources, lint.Source{Name: fmt.Sprint(i), Text: up, Chosen: true})
		}
	}
	for _, f := range lint.Run(lint.Input{Sources: sources}).Findings {
		if f.Severity == lint.Error && f.Rule.Group != lint.Destructive {
			found = append(found, f.Rule.Name)
		}
	}
	return found
}

// notOnline are hazards that online plans still have: changes that write a table anew, and what is made anew with them.
var notOnline = map[string]string{
	"type-change":           "the table is written anew",
	"stored-column":         "the table is written anew",
	"narrowing-type":        "the rows decide",
	"exclusion-constraint":  "PostgreSQL builds it under a lock only",
	"unique-constraint":     "Ent makes unique indexes; a constraint comes by plinth.Deferrable, whose index cannot be built before",
	"primary-key":           "a key that changes",
	"check-validated":       "made anew with a column of another type",
	"index-not-concurrent":  "made anew with a column of another type, or needed by a foreign key of the same file",
	"foreign-key-validated": "made anew with a key of another type",
}

// bound are the only cases that may have those of the last three.
var bound = []string{"enum_dependants", "generated_change", "index_on_generated", "many_at_once", "type_indexed", "type_key", "unique_immediate"}

// The linter is the judge of online plans: it has no error for what they wait for, and has one for the same change in one file.
func TestLintHasNoErrorForOnlinePlans(t *testing.T) {
	plans, err := filepath.Glob(filepath.Join(casesDir, "online", "*.up.sql"))
	if err != nil {
		t.Fatal(err)
	}
	scratch := pooled(t)
	mended, left := 0, map[string]int{}
	for _, path := range plans {
		name := strings.TrimSuffix(filepath.Base(path), ".up.sql")
		c := loadCase(t, name)
		start, err := c.before.model.Script(t.Context(), scratch)
		if err != nil {
			t.Fatal(err)
		}
		start += strings.Join(c.before.notes["by hand"], "\n")
		online, compact := hazards(t, start, "online", name), hazards(t, start, "plans", name)
		if len(online) == 0 && len(compact) > 0 {
			mended++
		}
		for _, rule := range online {
			left[rule]++
			made := slices.Contains([]string{"check-validated", "index-not-concurrent", "foreign-key-validated"}, rule)
			if notOnline[rule] == "" || made && !slices.Contains(bound, name) {
				t.Errorf("%s: %s", name, rule)
			}
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(left)) {
		t.Logf("left: %s in %d cases: %s", rule, left[rule], notOnline[rule])
	}
	if mended < 25 {
		t.Errorf("only %d cases have a hazard in one file and none online", mended)
	}
}

// A check that goes with the plan spares the fill only where it holds for all rows.
func TestARequiredColumnIsFilledUnderACheckThatIsNotValid(t *testing.T) {
	const start = "CREATE TABLE notes (id bigint PRIMARY KEY, name text)"
	const check = "ALTER TABLE notes ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID"
	after := diff.SQLModel("CREATE TABLE notes (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'x')")
	for _, online := range []bool{false, true} {
		in := input(t, after, directory{start, check})
		in.Online = online
		plan, err := diff.Plan(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		db := database(t)
		must(t, db, start+"; INSERT INTO notes VALUES (1), (2); "+check)
		for _, f := range plan.Files {
			must(t, db, f.Up)
		}
		filled := 0
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM notes WHERE name = 'x'").Scan(&filled); err != nil || filled != 2 {
			t.Errorf("online %v: %d rows were filled (%v), want 2", online, filled, err)
		}
	}
}
