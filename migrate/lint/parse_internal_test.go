package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	wasm "github.com/wasilibs/go-pgquery/parser"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// projectSQL are the SQL files of the project: migrations, plans of the planner, cases of the rules.
func projectSQL(t testing.TB) (texts []string) {
	t.Helper()
	for _, pattern := range []string{"../migrations/*.sql", "../diff/testdata/cases/plans/*.sql", "../../examples/*/*/*.sql", "../sqltext/testdata/*.sql"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(text))
		}
	}
	for _, c := range ruleCases(t) {
		texts = append(texts, c.files...)
	}
	if len(texts) < 300 {
		t.Fatalf("only %d texts were found", len(texts))
	}
	return texts
}

// Without cgo the parser is the same one, compiled to WebAssembly.
func TestBothParsersSayTheSame(t *testing.T) {
	compared := 0
	for _, text := range append(projectSQL(t), "SELEC 1", "SELECT 'a", "") {
		stmts, err := sqltext.Split(text)
		if err != nil {
			stmts = []sqltext.Stmt{{Text: text}}
		}
		for _, s := range stmts {
			have, haveErr := parseJSON(s.Text)
			want, wantErr := wasm.ParseToJSON(s.Text)
			if (haveErr == nil) != (wantErr == nil) || haveErr != nil && haveErr.Error() != wantErr.Error() {
				t.Errorf("%s: errors %v and %v", s.Text, haveErr, wantErr)
			}
			if have, want := alike(have), alike(want); have != want {
				t.Errorf("%s:\n%s\n%s", s.Text, have, want)
			}
			compared++
		}
	}
	t.Logf("%d statements", compared)
}

// alike is a tree without the parser's version and without a location that only the newer of both tells, which no rule reads.
func alike(tree string) string {
	_, rest, _ := strings.Cut(tree, ",")
	return argLocation.ReplaceAllString(rest, "")
}

var argLocation = regexp.MustCompile(`,"arg_location":-?\d+`)

// Nothing that a text creates is taken for something in use.
func TestProjectsOwnSQL(t *testing.T) {
	statements := 0
	for _, text := range projectSQL(t) {
		f := parseFile(Source{Text: text})
		statements += len(f.statements)
		m, made := newModel(), map[string]bool{}
		m.run = 1
		for _, s := range f.statements {
			for _, e := range m.predict(s.kind, s.tree, 0) {
				if made[e.key] {
					t.Errorf("%s: %s was made by the same text:\n%s", e.cause, e.object, text)
				}
			}
			if s.kind == "CreateStmt" {
				if key := rangeKey(s.tree.sub("relation")); m.relations[key] == nil {
					made[key] = true
				}
			}
			m.apply(s.kind, s.tree)
			if s.kind == "DropStmt" || s.kind == "RenameStmt" || s.kind == "AlterObjectSchemaStmt" {
				for key := range made {
					if m.relations[key] == nil {
						delete(made, key)
					}
				}
			}
		}
		Run(Input{Sources: []Source{{Name: "f", Text: text, Chosen: true}}})
	}
	if statements < 800 {
		t.Errorf("only %d statements", statements)
	}
	t.Logf("%d statements", statements)
}

// Any text gives a report, whose findings stand in the text.
func FuzzRun(f *testing.F) {
	for _, c := range ruleCases(f) {
		f.Add(c.files[0], c.files[1])
	}
	f.Add("CREATE TABLE t ()", "ALTER TABLE t ADD")
	f.Add("", "-- atlas:nolint\nDROP TABLE")
	f.Fuzz(func(t *testing.T, before, text string) {
		r := Run(Input{Sources: []Source{{Name: "1", Text: before}, {Name: "2", Text: text, Chosen: true}}})
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for _, finding := range r.Findings {
			if finding.File != "2" || finding.Line < 0 || finding.Line > lines || finding.Message == "" {
				t.Errorf("%+v in %q", finding, text)
			}
		}
	})
}
