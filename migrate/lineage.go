package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// graph is the lineage: which migration follows which.
type graph struct {
	files map[string]*File // by versionKey
	order []*File          // every file after its parents; by version where the lineage leaves a choice
	heads []string
	fault error // a parent that has no file, or nil
}

const parentsDirective = "plinth:parents"

// newGraph reads the parents of files, which are sorted by version. A file without a plinth:parents directive
// follows the one before it; a directive without versions makes a first one.
func newGraph(files []*File) (graph, error) {
	g := graph{files: make(map[string]*File, len(files))}
	for _, f := range files {
		g.files[versionKey(f.Version)] = f
	}
	for i, f := range files {
		if err := g.readParents(f); err != nil {
			return graph{}, err
		}
		if !f.declared && i > 0 {
			f.Parents = []string{files[i-1].Version}
		}
	}
	hasChild := map[string]bool{}
	for _, f := range files {
		for _, p := range f.Parents {
			hasChild[versionKey(p)] = true
		}
	}
	for _, f := range files {
		if !hasChild[versionKey(f.Version)] {
			g.heads = append(g.heads, f.Version)
		}
	}
	return g, g.sort(files)
}

func (g *graph) readParents(f *File) error {
	for _, d := range sqltext.Directives(f.Up) {
		if d.Name != parentsDirective {
			continue
		}
		if f.declared {
			return &DirError{File: f.UpFile(), Reason: "has two plinth:parents directives"}
		}
		f.declared = true
		for _, p := range strings.Fields(d.Args) {
			parent := g.files[versionKey(p)]
			if parent == nil {
				g.fault = &DirError{File: f.UpFile(), Reason: fmt.Sprintf("plinth:parents names %s, which has no file here; restore it", p)}
				continue
			}
			f.Parents = append(f.Parents, parent.Version)
		}
	}
	return nil
}

// sort fills order by taking, again and again, the lowest version whose parents are all taken.
func (g *graph) sort(files []*File) error {
	taken := make(map[string]bool, len(files))
	for left := slices.Clone(files); len(left) > 0; {
		next := left[:0]
		for _, f := range left {
			if slices.ContainsFunc(f.Parents, func(p string) bool { return !taken[versionKey(p)] }) {
				next = append(next, f)
				continue
			}
			taken[versionKey(f.Version)] = true
			g.order = append(g.order, f)
		}
		if len(next) == len(left) {
			return &DirError{File: left[0].UpFile(), Reason: "plinth:parents goes in a circle"}
		}
		left = next
	}
	return nil
}

// ancestors returns version itself and everything that it follows, as a set of versionKeys.
func (g *graph) ancestors(version string) map[string]bool {
	seen := map[string]bool{}
	for todo := []string{version}; len(todo) > 0; {
		key := versionKey(todo[len(todo)-1])
		todo = todo[:len(todo)-1]
		if f := g.files[key]; f != nil && !seen[key] {
			seen[key] = true
			todo = append(todo, f.Parents...)
		}
	}
	return seen
}
