package diff

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/entc/gen"

	"github.com/plinth-db/plinth"
)

// place is where an annotation stands.
type place string

const (
	onEntity place = "an entity"
	onField  place = "a field"
	onEdge   place = "an edge"
	onIndex  place = "an index"
)

// vocabulary lists what an annotation can say, and where it has a meaning.
var vocabulary = []struct {
	name    string
	said    func(plinth.Annotation) bool
	belongs string
	places  []place
}{
	{"plinth.NativeEnum", func(a plinth.Annotation) bool { return a.NativeEnum != nil }, "an enum field", []place{onField}},
	{"plinth.RenamedFrom", func(a plinth.Annotation) bool { return a.RenamedFrom != "" }, "an entity, a field, an edge or an index", []place{onEntity, onField, onEdge, onIndex}},
	{"plinth.RenamedValue", func(a plinth.Annotation) bool { return len(a.RenamedValues) > 0 }, "an enum field", []place{onField}},
	{"plinth.RemovedValue", func(a plinth.Annotation) bool { return len(a.RemovedValues) > 0 }, "an enum field", []place{onField}},
	{"plinth.Using", func(a plinth.Annotation) bool { return a.Using != nil }, "a field", []place{onField}},
	{"plinth.Generated", func(a plinth.Annotation) bool { return a.Generated != "" }, "a field", []place{onField}},
	{"plinth.IndexExpr", func(a plinth.Annotation) bool { return len(a.IndexExpr) > 0 }, "an index", []place{onIndex}},
	{"plinth.NullsNotDistinct", func(a plinth.Annotation) bool { return a.NullsNotDistinct }, "a unique index", []place{onIndex}},
	{"plinth.Deferrable", func(a plinth.Annotation) bool { return a.Deferrable != nil }, "an edge, a unique field or a unique index", []place{onField, onEdge, onIndex}},
	{"plinth.Exclude", func(a plinth.Annotation) bool { return len(a.Excludes) > 0 }, "an entity", []place{onEntity}},
	{"plinth.OnUpdate", func(a plinth.Annotation) bool { return a.OnUpdate != "" }, "an edge", []place{onEdge}},
}

// annotated is one place of the schema code with its annotation.
type annotated struct {
	name  string // "User", "User.email", "index user_email of User"
	place place
	plinth.Annotation

	entity *gen.Type
	field  *gen.Field
	edge   *gen.Edge
	index  *gen.Index
}

// annotations lists what the schema code says by this project's annotations; where it says nothing is left out.
func annotations(graph *gen.Graph) (all []annotated, err error) {
	var faults []error
	add := func(a annotated, from map[string]any) {
		said, err := plinth.Decode(from)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", a.name, err))
		} else if _, ok := from[plinth.AnnotationName]; ok {
			a.Annotation = said
			all = append(all, a)
		}
	}
	for _, n := range graph.Nodes {
		add(annotated{name: n.Name, place: onEntity, entity: n}, n.Annotations)
		for _, f := range fieldsOf(n) {
			add(annotated{name: n.Name + "." + f.Name, place: onField, entity: n, field: f}, f.Annotations)
		}
		for _, e := range n.Edges {
			add(annotated{name: n.Name + "." + e.Name, place: onEdge, entity: n, edge: e}, e.Annotations)
		}
		for _, i := range n.Indexes {
			add(annotated{name: "index " + i.Name + " of " + n.Name, place: onIndex, entity: n, index: i}, i.Annotations)
		}
	}
	for _, a := range all {
		for _, word := range vocabulary {
			if word.said(a.Annotation) && !slices.Contains(word.places, a.place) {
				faults = append(faults, fmt.Errorf("%s: %s belongs on %s, not on %s", a.name, word.name, word.belongs, a.place))
			}
		}
	}
	return all, errors.Join(faults...)
}

// fieldsOf are an entity's fields, the id first.
func fieldsOf(n *gen.Type) []*gen.Field {
	if n.ID == nil {
		return n.Fields
	}
	return append([]*gen.Field{n.ID}, n.Fields...)
}

// extras are what Ent's own vocabulary cannot say, by table.
type extras struct {
	generated  map[member]string
	using      map[member]plinth.UsingSpec
	removed    map[string][]plinth.RemovedValueSpec // by enum type
	keys       []keyExtra
	indexes    []indexExtra
	exclusions []exclusion
}

// keyExtra is what the foreign keys over one of some columns have besides.
type keyExtra struct {
	table      string
	columns    []string
	onUpdate   string
	deferrable string
}

// indexExtra is an index that Ent and Atlas cannot make.
type indexExtra struct {
	member

	columns    []string // of a unique field; an index of the schema code has its own
	keys       []string // in the place of columns, as SQL
	nullsAlike bool
	deferrable string // then it is a constraint
}

type exclusion struct {
	member

	def string
}

// findExtras reads the annotations that are about the database alone.
func (m *Model) findExtras() error {
	m.generated, m.using = make(map[member]string), make(map[member]plinth.UsingSpec)
	m.removed = make(map[string][]plinth.RemovedValueSpec)
	all, err := annotations(m.graph)
	if err != nil {
		return err
	}
	var faults []error
	for _, a := range all {
		var err error
		switch a.place {
		case onEntity:
			err = m.entityExtras(a)
		case onField:
			err = errors.Join(m.fieldExtras(a), m.removedValues(a))
		case onEdge:
			err = m.edgeExtras(a)
		case onIndex:
			err = m.indexExtras(a)
		}
		if err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

func (m *Model) entityExtras(a annotated) error {
	for _, x := range a.Excludes {
		if x.Name == "" || len(x.Name) > maxName || strings.TrimSpace(x.Definition) == "" {
			return fmt.Errorf("%s: plinth.Exclude(%q, %q): it wants a name of at most %d bytes and what follows EXCLUDE", a.name, x.Name, x.Definition, maxName)
		}
		m.exclusions = append(m.exclusions, exclusion{member{a.entity.Table(), x.Name}, x.Definition})
	}
	return nil
}

func (m *Model) fieldExtras(a annotated) error {
	at := member{a.entity.Table(), a.field.StorageKey()}
	if a.Using != nil {
		if strings.TrimSpace(a.Using.Up) == "" {
			return fmt.Errorf("%s: plinth.Using wants an expression that converts the column", a.name)
		}
		m.using[at] = *a.Using
	}
	if a.Generated != "" {
		if a.field.Column().Default != nil {
			return fmt.Errorf("%s: plinth.Generated computes every value, so the field cannot have a Default", a.name)
		}
		m.generated[at] = a.Generated
	}
	if a.Deferrable != nil {
		if !a.field.Unique || a.field == a.entity.ID {
			return fmt.Errorf("%s: plinth.Deferrable belongs on an edge, a unique field or a unique index; this field is not Unique", a.name)
		}
		name := at.table + "_" + at.name + "_key" // as Ent calls it: entgo.io/ent v0.14.6, dialect/sql/schema/postgres.go, atUniqueC
		m.indexes = append(m.indexes, indexExtra{member: member{at.table, name}, columns: []string{at.name}, deferrable: deferral(a)})
	}
	return nil
}

func (m *Model) removedValues(a annotated) error {
	if len(a.RemovedValues) == 0 {
		return nil
	}
	if a.NativeEnum == nil {
		return fmt.Errorf("%s: plinth.RemovedValue needs plinth.NativeEnum: a varchar column can hold any value; write the UPDATE by hand (plinth new)", a.name)
	}
	e, err := nativeEnumOf(a.entity, a.field)
	if err != nil {
		return nil //nolint:nilerr // findEnums has said so
	}
	for _, v := range a.RemovedValues {
		if !slices.Contains(e.values, v.Replacement) || slices.Contains(e.values, v.Old) {
			return fmt.Errorf("%s: plinth.RemovedValue(%q, %q): the field must have the replacement, and the old value no more", a.name, v.Old, v.Replacement)
		}
		if !slices.Contains(m.removed[e.typ], v) {
			m.removed[e.typ] = append(m.removed[e.typ], v)
		}
	}
	return nil
}

// actions are what a foreign key can do.
var actions = []string{"NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"}

func (m *Model) edgeExtras(a annotated) error {
	if a.Deferrable == nil && a.OnUpdate == "" {
		return nil
	}
	switch {
	case a.edge.IsInverse():
		return fmt.Errorf("%s: plinth.Deferrable and plinth.OnUpdate belong on the edge.To of %s.%s", a.name, a.edge.Type.Name, a.edge.Inverse)
	case a.edge.Through != nil:
		return fmt.Errorf("%s: plinth.Deferrable and plinth.OnUpdate belong on the edges of %s, whose table has the foreign keys", a.name, a.edge.Through.Name)
	case a.OnUpdate != "" && !slices.Contains(actions, a.OnUpdate):
		return fmt.Errorf("%s: plinth.OnUpdate(%q): a foreign key knows %s", a.name, a.OnUpdate, strings.Join(actions, ", "))
	}
	x := keyExtra{table: a.edge.Rel.Table, columns: a.edge.Rel.Columns, onUpdate: a.OnUpdate}
	if a.Deferrable != nil {
		x.deferrable = deferral(a)
	}
	m.keys = append(m.keys, x)
	return nil
}

func (m *Model) indexExtras(a annotated) error {
	at := member{a.entity.Table(), a.index.Name}
	if a.RenamedFrom == at.name {
		return fmt.Errorf("%s: plinth.RenamedFrom names the index itself; it wants the earlier name", a.name)
	}
	if a.RenamedFrom != "" {
		m.renamedIndexes = append(m.renamedIndexes, renamedIndex{at, a.RenamedFrom})
	}
	if len(a.IndexExpr) == 0 && !a.NullsNotDistinct && a.Deferrable == nil {
		return nil
	}
	x := indexExtra{member: at, keys: a.IndexExpr, nullsAlike: a.NullsNotDistinct}
	switch {
	case slices.ContainsFunc(a.IndexExpr, func(key string) bool { return strings.TrimSpace(key) == "" }):
		return fmt.Errorf("%s: plinth.IndexExpr has an empty key", a.name)
	case a.NullsNotDistinct && !a.index.Unique, a.Deferrable != nil && !a.index.Unique:
		return fmt.Errorf("%s: plinth.NullsNotDistinct and plinth.Deferrable belong on a unique index; this one is not Unique", a.name)
	case a.Deferrable != nil && len(a.IndexExpr) > 0:
		return fmt.Errorf("%s: plinth.Deferrable makes a constraint of the index, and a constraint has columns, not plinth.IndexExpr", a.name)
	}
	if a.Deferrable != nil {
		x.deferrable = deferral(a)
	}
	m.indexes = append(m.indexes, x)
	return nil
}

func deferral(a annotated) string {
	if a.Deferrable.Initially {
		return deferrable + initiallyDeferred
	}
	return deferrable
}
