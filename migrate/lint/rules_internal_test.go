package lint

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint/trace"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// ruleCase is a change that a rule has to find, or to pass over.
type ruleCase struct {
	rule, name string
	bad        bool
	files      []string // what is there before, then the files of the change
}

// ruleCases reads testdata/rules/NAME.txtar: setup.sql, bad/*.sql and good/*.sql; a line "-- next file" begins the next file of a case.
func ruleCases(t testing.TB) (cases []ruleCase) {
	t.Helper()
	names, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		setup := ""
		for _, f := range archive.Files {
			if f.Name == "setup.sql" {
				setup = string(f.Data)
				continue
			}
			verdict, _, _ := strings.Cut(f.Name, "/")
			if verdict != "bad" && verdict != "good" {
				t.Fatalf("%s: %s: want setup.sql, bad/NAME.sql or good/NAME.sql", name, f.Name)
			}
			c := ruleCase{rule: strings.TrimSuffix(filepath.Base(name), ".txtar"), name: f.Name, bad: verdict == "bad", files: []string{setup}}
			c.files = append(c.files, strings.Split(string(f.Data), "-- next file\n")...)
			cases = append(cases, c)
		}
	}
	return cases
}

// directory makes a migration directory of the files.
func (c ruleCase) directory(t testing.TB) *migrate.Dir {
	t.Helper()
	fsys := fstest.MapFS{}
	for i, text := range c.files {
		fsys[fmt.Sprintf("%d_f.up.sql", i+1)] = &fstest.MapFile{Data: []byte(text)}
	}
	dir, err := migrate.ReadDir(fs.FS(fsys))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func chosen(version string) bool { return version != "1" }

// lint looks at the case, with what was measured if that is not nil.
func (c ruleCase) lint(t testing.TB, measured []trace.File) (*Report, *migrate.Dir) {
	t.Helper()
	dir := c.directory(t)
	in := Input{Sources: Sources(dir, chosen), Findings: Dir(dir, chosen)}
	if r := Find(c.rule); len(r) == 1 && r[0].Severity == Off {
		in.Settings.Severity = map[string]Severity{r[0].Code: Notice}
	}
	for i := range measured {
		in.Sources[i+1].Trace = &measured[i]
	}
	return Run(in), dir
}

func (c ruleCase) found(r *Report) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule.Name == c.rule })
}

func told(r *Report) string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s: %s [%s]", f.File, f.Line, f.Column, f.Severity, f.Message, f.Rule.Name))
	}
	return strings.Join(lines, "\n")
}

// Each rule is shown what it has to find and what it has to pass over, first without a server and then with what a server was seen to do.
func TestRules(t *testing.T) {
	seen := map[string]map[bool]int{}
	for _, c := range ruleCases(t) {
		if seen[c.rule] == nil {
			seen[c.rule] = map[bool]int{}
		}
		seen[c.rule][c.bad]++
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			if len(Find(c.rule)) != 1 {
				t.Fatalf("%s is no rule", c.rule)
			}
			static, dir := c.lint(t, nil)
			if needsTrace := Find(c.rule)[0].measured(); c.found(static) != c.bad && !needsTrace {
				t.Errorf("without a server: found is %v, want %v:\n%s", c.found(static), c.bad, told(static))
			}
			files, err := trace.Run(t.Context(), pgtest.Scratch(t), dir, trace.Options{Versions: c.versions()})
			if err != nil {
				t.Fatal(err)
			}
			full, _ := c.lint(t, files)
			if c.found(full) != c.bad {
				t.Errorf("with a server: found is %v, want %v:\n%s", c.found(full), c.bad, told(full))
			}
			c.compare(t, files)
		})
	}
	for _, r := range rules {
		if r.check == nil && r.checkFile == nil {
			continue // about directories: TestDir, and about directives: TestNolint
		}
		if n := seen[r.Name]; n[true] < 3 || n[false] < 3 {
			t.Errorf("rule %s: %d bad and %d good cases, want 3 of each at least", r.Name, n[true], n[false])
		}
	}
	for rule := range maps.Keys(seen) {
		if len(Find(rule)) == 0 {
			t.Errorf("testdata/rules/%s.txtar is about no rule", rule)
		}
	}
}

func (c ruleCase) versions() (list []string) {
	for i := range c.files[1:] {
		list = append(list, fmt.Sprint(i+2))
	}
	return list
}

// exceptions are cases whose statements do something else than is predicted from them, with the reason. Ten are allowed.
var exceptions = map[string]string{
	"refresh/good/no data.sql":    "an empty file takes the place of the old one, whatever its size",
	"cascade/bad/table.sql":       "what CASCADE reaches only the server knows",
	"cascade/bad/column.sql":      "what CASCADE reaches only the server knows",
	"lost-unseen/bad/cascade.sql": "what CASCADE reaches only the server knows",
}

// compare holds what is predicted from each statement against what was seen.
func (c ruleCase) compare(t *testing.T, measured []trace.File) {
	t.Helper()
	m := newModel()
	for i, text := range c.files {
		m.run++
		m.beginFile()
		f := parseFile(Source{Text: text})
		for j, s := range f.statements {
			hidden := s.kind == "DoStmt" || s.kind == "CallStmt" || s.kind == "SelectStmt" // what they run is not predicted
			if i > 0 && !hidden && len(measured[i-1].Statements) == len(f.statements) {
				for _, line := range m.contradictions(m.predict(s.kind, s.tree, 0), &measured[i-1].Statements[j]) {
					if reason := exceptions[c.rule+"/"+c.name]; reason != "" {
						t.Logf("exception: %s: %s (%s)", s.Text, line, reason)
						continue
					}
					t.Errorf("%s\n%s", s.Text, line)
				}
			}
			m.apply(s.kind, s.tree)
			m.applyBlock(s)
		}
	}
}

func TestExceptionsAreFew(t *testing.T) {
	if len(exceptions) > 10 {
		t.Errorf("%d exceptions, 10 are allowed", len(exceptions))
	}
}
