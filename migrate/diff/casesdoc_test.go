package diff_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	casesDoc   = "../../docs/schema.md"
	casesBegin = "<!-- cases -->\n"
	casesEnd   = "<!-- /cases -->\n"
)

// documentCases holds the table in docs/schema.md against the cases.
func documentCases(t *testing.T, names []string) {
	t.Helper()
	data, err := os.ReadFile(casesDoc)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(data), casesBegin)
	have, tail, ok2 := strings.Cut(rest, casesEnd)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the table of cases", casesDoc)
	}
	var table strings.Builder
	table.WriteString("| change | plan | |\n| --- | --- | --- |\n")
	for _, name := range names {
		fmt.Fprintf(&table, "| %s | `%s` | %s |\n", sentence(t, name), name, remark(t, name))
	}
	switch {
	case table.String() == have:
	case *update:
		if err := os.WriteFile(casesDoc, []byte(head+casesBegin+table.String()+casesEnd+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the table of cases in %s is not up to date; run this test with -update", casesDoc)
	}
}

// sentence is what a case says about itself.
func sentence(t *testing.T, name string) string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(casesDir, "after", name+".go"), nil, parser.PackageClauseOnly|parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(file.Doc.Text()), " ")
}

// remark is what a reader must know of a plan: that it is refused, loses something or is empty.
func remark(t *testing.T, name string) string {
	t.Helper()
	plan := func(kind string) string { return golden(t, filepath.Join(casesDir, "plans", name+"."+kind)) }
	switch {
	case plan("refused.txt") != "":
		return "refused"
	case plan("up.sql") == "":
		return "nothing to do"
	case strings.Contains(plan("down.sql"), "-- plinth:irreversible "):
		return "irreversible"
	default:
		return ""
	}
}
