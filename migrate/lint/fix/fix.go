package fix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// Input is what Plan works on.
type Input struct {
	Dir      *migrate.Dir
	Findings []lint.Finding // those of the migrations that may be rewritten
	Settings lint.Settings
	// Chosen says which migrations may be rewritten, by version: those that no database has applied.
	Chosen func(version string) bool
}

// Rewrite is a migration and what takes its place.
type Rewrite struct {
	Old *migrate.File
	New []*migrate.File // the first one has Old's version and name
}

// Skip is a finding that has a safe form which could not be applied.
type Skip struct {
	Finding lint.Finding
	Reason  string
}

// String is for a person.
func (s Skip) String() string {
	return fmt.Sprintf("%s:%d:%d: %s stays: %s", s.Finding.File, s.Finding.Line, s.Finding.Column, s.Finding.Rule.Name, s.Reason)
}

// Result is a plan.
type Result struct {
	Rewrites []Rewrite // in the order in which the migrations are applied; empty when there is nothing to rewrite
	Skipped  []Skip
}

// Files are the contents of the files that are new or differ, by name. No file is removed.
func (r *Result) Files() map[string]string {
	files := map[string]string{}
	for _, w := range r.Rewrites {
		for _, f := range w.New {
			files[f.UpFile()] = f.Up
			if f.HasDown {
				files[f.DownFile()] = f.Down
			}
		}
		if old := w.Old; files[old.UpFile()] == old.Up {
			delete(files, old.UpFile())
		}
		if old := w.Old; old.HasDown && files[old.DownFile()] == old.Down {
			delete(files, old.DownFile())
		}
	}
	return files
}

// Plan rewrites the migrations of the findings. A finding without a mechanical form is passed over; one whose form does not fit is told of
// in Skipped. The error names a migration that cannot be split because there is no version left for its parts, or whose follower may not
// be changed.
func Plan(in Input) (*Result, error) {
	p := &planner{Input: in, facts: learn(in.Dir), refused: map[string]string{}}
	for {
		result, err := p.plan()
		if err != nil {
			return nil, err
		}
		if !p.refuseNullableKeys(result) {
			return result, nil
		}
	}
}

type planner struct {
	Input
	facts   facts
	refused map[string]string // reasons, by finding, which only the outcome told
}

func findingKey(f lint.Finding) string {
	return fmt.Sprintf("%s:%d:%d:%s", f.File, f.Line, f.Column, f.Rule.Code)
}

func (p *planner) plan() (*Result, error) {
	result := &Result{}
	moved := map[string]string{} // from the version of a migration that was split to that of its last part
	for _, f := range p.Dir.Ordered() {
		if !p.Chosen(f.Version) {
			if parent := follows(f, moved); parent != "" {
				return nil, fmt.Errorf("%s names %s as what it follows, which would be split, and it may not be changed itself: choose it too, or fix %s by hand", f.UpFile(), parent, parent)
			}
			continue
		}
		w, skipped, err := p.file(f)
		result.Skipped = append(result.Skipped, skipped...)
		if err != nil {
			return nil, err
		}
		if w == nil && follows(f, moved) != "" {
			w = &Rewrite{Old: f, New: []*migrate.File{new(*f)}}
		}
		if w == nil {
			continue
		}
		w.New[0].Up = renameParents(w.New[0].Up, moved)
		if last := w.New[len(w.New)-1].Version; last != f.Version {
			moved[f.Version] = last
		}
		result.Rewrites = append(result.Rewrites, *w)
	}
	return result, nil
}

// follows returns the version among moved that the file's plinth:parents directive names, "" for none.
func follows(f *migrate.File, moved map[string]string) string {
	for _, d := range sqltext.Directives(f.Up) {
		if d.Name != parentsDirective {
			continue
		}
		for _, p := range f.Parents {
			if moved[p] != "" {
				return p
			}
		}
	}
	return ""
}

// renameParents makes a file follow the last part of a migration that was split.
func renameParents(up string, moved map[string]string) string {
	lines := strings.SplitAfter(up, "\n")
	for _, d := range sqltext.Directives(up) {
		if d.Name != parentsDirective {
			continue
		}
		names := strings.Fields(d.Args)
		changed := false
		for i, name := range names {
			for from, to := range moved {
				if trimZeros(from) == trimZeros(name) {
					names[i], changed = to, true
				}
			}
		}
		if changed {
			lines[d.Line-1] = "-- " + parentsDirective + " " + strings.Join(names, " ") + "\n"
		}
	}
	return strings.Join(lines, "")
}

// refuseNullableKeys looks at the outcome: ADD PRIMARY KEY USING INDEX reads the table when a column may hold NULL, and is then no safe form.
// It reports whether a plan without it has to be made.
func (p *planner) refuseNullableKeys(result *Result) (again bool) {
	var sources []lint.Source
	rewritten := map[string]Rewrite{}
	for _, w := range result.Rewrites {
		rewritten[w.Old.Version] = w
	}
	owner := map[string]string{} // old file by new
	for _, f := range p.Dir.Ordered() {
		w, ok := rewritten[f.Version]
		if !ok {
			w.New = []*migrate.File{f}
		}
		for _, part := range w.New {
			owner[part.UpFile()] = f.UpFile()
			sources = append(sources, lint.Source{Name: part.UpFile(), Text: part.Up, Chosen: ok})
		}
	}
	for _, left := range lint.Run(lint.Input{Sources: sources, Settings: p.Settings}).Findings {
		if left.Rule.Name != "primary-key" || !strings.Contains(left.Statement, "USING INDEX") {
			continue
		}
		for _, f := range p.Findings {
			key := findingKey(f)
			if f.Rule.Name == "primary-key" && f.File == owner[left.File] && f.Object == left.Object && p.refused[key] == "" {
				p.refused[key] = "a column of the key may hold NULL; make it NOT NULL first, in a migration before"
				again = true
			}
		}
	}
	return again
}

// versionsAfter are n versions between the file's and the next one in the directory.
func (p *planner) versionsAfter(f *migrate.File, n int) ([]string, error) {
	var versions []string
	for v := f.Version; len(versions) < n; {
		v = nextVersion(v)
		versions = append(versions, v)
	}
	for _, other := range p.Dir.Files() {
		if n > 0 && compareVersions(other.Version, f.Version) > 0 && compareVersions(other.Version, versions[n-1]) <= 0 {
			return nil, fmt.Errorf("%s would become %d files, and %s leaves no versions between them: give one of them another version (and run plinth hash) first", f.UpFile(), n+1, other.UpFile())
		}
	}
	return versions, nil
}

func trimZeros(version string) string { return cmp.Or(strings.TrimLeft(version, "0"), "0") }

func compareVersions(a, b string) int {
	a, b = trimZeros(a), trimZeros(b)
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// facts are what statements of the directory tell about tables and views, by canonical name.
type facts struct {
	partitioned map[string]bool
	uniqueOn    map[string]bool // has a unique index on plain columns, of all rows
}

func learn(dir *migrate.Dir) facts {
	known := facts{map[string]bool{}, map[string]bool{}}
	for _, f := range dir.Ordered() {
		stmts, err := sqltext.Split(f.Up)
		if err != nil {
			continue // the linter tells
		}
		for _, s := range stmts {
			known.add(tokensOf(s.Text))
		}
	}
	return known
}

func (k facts) add(t tokens) {
	switch {
	case t.begins("CREATE", "TABLE"):
		name, rest := t.skip("CREATE", "TABLE", "IF", "NOT", "EXISTS").name()
		if rest.atTop("PARTITION", "BY") >= 0 && !rest.begins("PARTITION", "OF") {
			k.partitioned[name.key()] = true
		}
	case t.begins("CREATE", "UNIQUE", "INDEX"):
		on := t.atTop("ON")
		if on < 0 {
			return
		}
		name, rest := t.from(on + 1).skip("ONLY").name()
		if rest.atTop("WHERE") < 0 && !slices.ContainsFunc(rest.words(), func(w string) bool { return w == "::" }) {
			k.uniqueOn[name.key()] = true
		}
	}
}
