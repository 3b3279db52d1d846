package diff_test

import (
	"fmt"
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
	return hazardsAfter([]lint.Source{{Name: "before", Text: start}}, casePlan(t, folder, name+".up.sql"))
}

// hazardsOfDown are those of the way back.
func hazardsOfDown(t *testing.T, start, folder, name string) (found []string) {
	t.Helper()
	there := []lint.Source{{Name: "before", Text: start}}
	for i, up := range casePlan(t, folder, name+".up.sql") {
		there = append(there, lint.Source{Name: fmt.Sprint("up ", i), Text: up})
	}
	downs := casePlan(t, folder, name+".down.sql")
	slices.Reverse(downs)
	return hazardsAfter(there, downs)
}

func casePlan(t *testing.T, folder, file string) (texts []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(casesDir, folder, file))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(fileTitle.Split(string(text), -1), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func hazardsAfter(there []lint.Source, files []string) (found []string) {
	for i, text := range files {
		there = append(there, lint.Source{Name: fmt.Sprint(i), Text: text, Chosen: true})
	}
	for _, f := range lint.Run(lint.Input{Sources: there}).Findings {
		if f.Severity == lint.Error && f.Rule.Group != lint.Destructive {
			found = append(found, f.Rule.Name)
		}
	}
	return found
}

// refusedOnline are the cases that no online plan can make, with the reason.
var refusedOnline = map[string]string{
	"enum_dependants":     "a stored generated column is computed from the enum",
	"enum_long_name":      "a second type of that name with a suffix would be too long a name",
	"exclude_add":         "PostgreSQL builds exclusion constraints under a lock only",
	"exclude_change":      "PostgreSQL builds exclusion constraints under a lock only",
	"generated_change":    "a stored generated column writes the table anew",
	"generated_type":      "a stored generated column writes the table anew",
	"index_on_generated":  "a stored generated column writes the table anew",
	"many_at_once":        "a stored generated column writes the table anew",
	"number_serial_wider": "a primary key with a sequence",
	"number_text":         "a primary key with a sequence",
	"type_key":            "a primary key that another table refers to",
}

// longWayBack are the cases whose downs keep others waiting, with the reason.
var longWayBack = map[string]string{
	"column_drop_indexed": "a column comes back with its index and a value for each row",
	"edge_o2m_drop":       "a column comes back with its foreign key",
	"enum_many":           "a value that an enum type gained goes in the first file, which only adds",
	"exclude_drop":        "PostgreSQL builds exclusion constraints under a lock only",
	"key_composite":       "a column comes back that numbers the rows",
	"type_varchar_longer": "a limit is lowered, where the up only raised it",
}

// The linter is the judge of online plans: it has no error for what they wait for, and has one for the same change in one file.
func TestLintHasNoErrorForOnlinePlans(t *testing.T) {
	plans, err := filepath.Glob(filepath.Join(casesDir, "online", "*.up.sql"))
	if err != nil {
		t.Fatal(err)
	}
	scratch := pooled(t)
	var mended []string
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
			mended = append(mended, name)
		}
		if len(online) > 0 {
			t.Errorf("%s: %s", name, strings.Join(online, " "))
		}
		if back := hazardsOfDown(t, start, "online", name); (len(back) > 0) != (longWayBack[name] != "") {
			t.Errorf("the down of %s: %s", name, strings.Join(back, " "))
		}
	}
	refused, err := filepath.Glob(filepath.Join(casesDir, "online", "*.refused.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range refused {
		name := strings.TrimSuffix(filepath.Base(path), ".refused.txt")
		if refusedOnline[name] == "" {
			t.Errorf("%s is refused", name)
		}
		t.Logf("refused: %s: %s", name, refusedOnline[name])
	}
	if len(refused) != len(refusedOnline) {
		t.Errorf("%d cases are refused, want %d", len(refused), len(refusedOnline))
	}
	t.Logf("%d of %d plans mend a hazard", len(mended), len(plans))
	if len(mended) < 60 {
		t.Errorf("only %d cases have a hazard in one file and none online", len(mended))
	}
	for _, name := range []string{"unique_deferrable", "unique_deferrable_add", "unique_deferrable_change", "unique_immediate", "key_composite"} {
		if !slices.Contains(mended, name) {
			t.Errorf("%s has no hazard in one file", name)
		}
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
