package diff

import (
	"errors"
	"fmt"
	"slices"

	"entgo.io/ent/entc/gen"

	"github.com/plinth-db/plinth"
)

// renaming is a table or a column that may still have one of its old names.
type renaming struct {
	table  string   // its name now
	column string   // its name now; "" for the table itself
	old    []string // the names it may have had, the likeliest first
}

// renamedValues are values of an enum type that had other names.
type renamedValues struct {
	typ    string
	values []plinth.RenamedValueSpec
}

// renamedIndex is an index that may still have its old name.
type renamedIndex struct {
	member

	old string
}

// findRenames reads the annotations. What Ent names after an entity or an edge is renamed with it: join tables, and the columns of
// foreign keys and join tables.
func (m *Model) findRenames() error {
	var faults []error
	earlier := make(map[string]string) // entity to the name it had
	for _, n := range m.graph.Nodes {
		a, err := plinth.Decode(n.Annotations)
		if err != nil {
			continue // annotations has said so
		}
		switch {
		case a.RenamedFrom == n.Name && n.Table() == (&gen.Type{Name: n.Name}).Table(): // else only its table was renamed
			faults = append(faults, fmt.Errorf("%s: plinth.RenamedFrom names the entity itself; it wants the earlier name", n.Name))
		case a.RenamedFrom != "":
			earlier[n.Name] = a.RenamedFrom
			m.rename(n.Table(), "", (&gen.Type{Name: a.RenamedFrom}).Table(), a.RenamedFrom)
		}
	}
	for _, n := range m.graph.Nodes {
		for _, f := range fieldsOf(n) {
			faults = append(faults, m.renamedField(n, f))
		}
		for _, e := range n.Edges {
			if !e.IsInverse() {
				faults = append(faults, m.renamedEdge(n, e, earlier))
			}
		}
	}
	return errors.Join(faults...)
}

func (m *Model) rename(table, column string, old ...string) {
	now := table
	if column != "" {
		now = column
	}
	old = slices.DeleteFunc(old, func(name string) bool { return name == now })
	if len(old) > 0 {
		m.renames = append(m.renames, renaming{table, column, old})
	}
}

func label(name string) string { return (&gen.Type{Name: name}).Label() }

func (m *Model) renamedField(n *gen.Type, f *gen.Field) error {
	a, err := plinth.Decode(f.Annotations)
	if err != nil {
		return nil // annotations has said so
	}
	name := n.Name + "." + f.Name
	if a.RenamedFrom == f.Name && f.StorageKey() == label(f.Name) { // else only its column was renamed
		return fmt.Errorf("%s: plinth.RenamedFrom names the field itself; it wants the earlier name", name)
	}
	if a.RenamedFrom != "" {
		m.rename(n.Table(), f.StorageKey(), label(a.RenamedFrom), a.RenamedFrom)
	}
	if len(a.RenamedValues) == 0 {
		return nil
	}
	if a.NativeEnum == nil {
		return fmt.Errorf("%s: plinth.RenamedValue needs plinth.NativeEnum: of a varchar column nobody can tell which rows were renamed already; "+
			"write the UPDATE by hand (plinth new)", name)
	}
	e, err := nativeEnumOf(n, f)
	if err != nil {
		return nil //nolint:nilerr // findEnums has said so
	}
	for _, v := range a.RenamedValues {
		if v.Old == v.New || !slices.Contains(e.values, v.New) || slices.Contains(e.values, v.Old) {
			return fmt.Errorf("%s: plinth.RenamedValue(%q, %q): the field must have the new value, and the old one no more", name, v.Old, v.New)
		}
	}
	m.renamedValues = append(m.renamedValues, renamedValues{e.typ, a.RenamedValues})
	return nil
}

// renamedEdge goes by the names that Ent gives (entgo.io/ent v0.14.6, entc/gen/graph.go, resolve).
func (m *Model) renamedEdge(n *gen.Type, e *gen.Edge, earlier map[string]string) error {
	a, err := plinth.Decode(e.Annotations)
	if err != nil {
		return nil // annotations has said so
	}
	if a.RenamedFrom == e.Name && !named(e) {
		return fmt.Errorf("%s.%s: plinth.RenamedFrom names the edge itself; it wants the earlier name", n.Name, e.Name)
	}
	owner, other, edge := was(earlier, n.Name), was(earlier, e.Type.Name), e.Name
	if a.RenamedFrom != "" {
		edge = a.RenamedFrom
	}
	if owner == n.Name && other == e.Type.Name && edge == e.Name {
		return nil
	}
	if !e.M2M() {
		if column := e.Rel.Columns[0]; a.RenamedFrom != "" {
			m.rename(e.Rel.Table, column, label(owner)+"_"+label(edge), a.RenamedFrom)
		} else if column == label(n.Name)+"_"+label(e.Name) {
			m.rename(e.Rel.Table, column, label(owner)+"_"+label(edge))
		}
		return nil
	}
	if e.Through != nil {
		return nil // its columns are fields
	}
	if a.RenamedFrom != "" {
		m.rename(e.Rel.Table, "", label(owner)+"_"+edge, a.RenamedFrom)
	} else if e.Rel.Table == label(n.Name)+"_"+e.Name {
		m.rename(e.Rel.Table, "", label(owner)+"_"+edge)
	}
	for i, column := range e.Rel.Columns {
		switch {
		case i == 0 && column == label(n.Name)+"_id":
			m.rename(e.Rel.Table, column, label(owner)+"_id")
		case i == 1 && column == label(e.Type.Name)+"_id":
			m.rename(e.Rel.Table, column, label(other)+"_id")
		case i == 1 && column == singular(e.Name)+"_id":
			m.rename(e.Rel.Table, column, singular(edge)+"_id")
		}
	}
	return nil
}

// named tells whether an edge has names of its own in the database, so that these may have changed alone.
func named(e *gen.Edge) bool {
	key, err := e.StorageKey()
	return err == nil && key != nil
}

func singular(name string) string { return gen.Funcs["singular"].(func(string) string)(name) }

func was(earlier map[string]string, name string) string {
	if old := earlier[name]; old != "" {
		return old
	}
	return name
}
