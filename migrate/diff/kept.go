package diff

import (
	"regexp"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// kept names what is in the directory's database beyond the model, each thing once: not the columns of a kept table, not the
// sequence of a kept identity.
func (w *work) kept() (names []string) {
	var tables []string
	changes := catalog.Compare(w.modelSnapshot, w.snapshots[len(w.snapshots)-1])
	for _, c := range changes {
		if c.Change == catalog.Added && c.Object.Kind == catalog.KindTable {
			tables = append(tables, c.Object.Name)
		}
	}
	for _, c := range changes {
		switch o := c.Object; {
		case c.Change == catalog.Altered:
			old, _ := w.snapshots[w.base].Find(o.Kind, o.Schema, o.Name)
			names = append(names, keptOf(c, facts(old.Def))...)
		case c.Change == catalog.Added && !slices.Contains(tables, plain(o.Table)) && !strings.Contains(o.Def, "identity of "):
			names = append(names, o.String())
		}
	}
	for _, name := range w.extensions {
		names = append(names, catalog.KindExtension+" "+plain(name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// keptOf names the facts that an object of the model has by hand, and had before the plan.
func keptOf(c catalog.Change, before map[string]bool) (names []string) {
	model := facts(c.Before)
	for fact := range facts(c.After) {
		if !model[fact] && before[fact] {
			first, _, _ := strings.Cut(fact, "\n")
			names = append(names, strings.TrimSpace(first)+" on "+c.Object.String())
		}
	}
	return names
}

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_$]*$`)

// plain is a name as the catalogs print it, quoted where it must be. Key words, which they quote too, are rare enough as names for
// the comparison to be missed: then less is recognised, nothing more.
func plain(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return ident(name)
}

// irreversible is the directive of a down that does not bring everything back, or may not run; none for one that does.
func irreversible(up, down *script) []string {
	if len(up.lost) == 0 && len(down.fails) == 0 {
		return nil
	}
	var reasons []string
	if len(up.lost) > 0 {
		reasons = append(reasons, "not brought back: "+list(up.lost))
	}
	return []string{"plinth:irreversible " + strings.Join(append(reasons, down.fails...), "; ")}
}
