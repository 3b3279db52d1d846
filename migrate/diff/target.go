package diff

import (
	"maps"
	"slices"
	"strings"
)

// targetOf is where a plan leads from now: the model, and from now what the schema code cannot say and so does not deny.
func (w *work) targetOf(now *state) *state { return target(now, w.model, w.owns) }

// owns tells whether an object that the model lacks was the schema code's, so that it goes: a constraint, an index, or a comment, whose
// name is its column's, "" for that of the table. What nobody knows to be the schema code's is kept.
func (w *work) owns(n node) bool {
	if n.Kind == kindComment {
		return w.in.Model.commented[strings.TrimSuffix(n.Table+"."+n.Name, ".")]
	}
	return w.model.managed[n.String()]
}

const kindComment = "comment"

type ownership func(node) bool

func target(now, model *state, owns ownership) *state {
	t := &state{tables: make(map[string]*table), enums: maps.Clone(model.enums), casts: model.casts}
	for name, want := range model.tables {
		t.tables[name] = want
		if have := now.tables[name]; have != nil {
			t.tables[name] = keepInTable(have, want, owns)
		}
	}
	for name, have := range now.tables {
		if t.tables[name] == nil && (have.child || have.partitioned) {
			t.tables[name] = have
		}
	}
	t.objects = targetObjects(now, model, t.tables)
	for name, have := range now.enums {
		switch want := t.enums[name]; {
		case want == nil && (have.outside || t.usesEnum(name) || t.objects.standOn(node{Kind: kindEnum, Name: name})):
			t.enums[name] = have
		case want != nil && want.comment == "":
			e := *want
			e.comment = have.comment
			t.enums[name] = &e
		}
	}
	return t
}

// keepInTable is want with what have holds by hand.
func keepInTable(have, want *table, owns ownership) *table {
	t := *want
	t.partitioned, t.child = have.partitioned, have.child
	if t.comment == "" && !owns(node{Kind: kindComment, Table: t.name}) {
		t.comment = have.comment
	}
	t.columns = keepInColumns(have, want, owns)
	t.constraints = maps.Clone(want.constraints)
	for name, h := range have.constraints {
		if c, ok := keptConstraint(h, want, owns(h.node(t.name))); ok {
			t.constraints[name] = c
		}
	}
	t.indexes = maps.Clone(want.indexes)
	for name, h := range have.indexes {
		if i, ok := keptIndex(h, want, owns(h.node())); ok {
			t.indexes[name] = i
		}
	}
	return &t
}

// keepInColumns also keeps the physical order of the columns that are there: it is not a difference.
func keepInColumns(have, want *table, owns ownership) []column {
	var columns []column
	for _, h := range have.columns {
		if c, ok := want.column(h.name); ok {
			if c.comment == "" && !owns(node{Kind: kindComment, Table: want.name, Name: c.name}) {
				c.comment = h.comment
			}
			columns = append(columns, c)
		}
	}
	for _, c := range want.columns {
		if _, ok := have.column(c.name); !ok {
			columns = append(columns, c)
		}
	}
	return columns
}

func keptConstraint(have constraint, want *table, owned bool) (c constraint, ok bool) {
	c, ok = want.constraints[have.name]
	if !ok {
		_, taken := want.indexes[have.name]
		byHand := have.kind == 'x' || have.kind == 'u' || have.child
		return have, byHand && !owned && !taken && hasColumns(want, have.columns)
	}
	// A foreign key that was made DEFERRABLE by hand stays so.
	if !owned && have.def != c.def && sayable(have.def) == c.def && have.kind != 'c' {
		valid := have
		valid.def = trimNotValid(have.def)
		return valid, true
	}
	if c.comment == "" {
		c.comment = have.comment
	}
	return c, true
}

func keptIndex(have index, want *table, owned bool) (i index, ok bool) {
	i, ok = want.indexes[have.name]
	if !ok {
		_, taken := want.constraints[have.name]
		return have, (have.byHand && !owned || have.child) && !taken && hasColumns(want, have.columns)
	}
	if i.comment == "" {
		i.comment = have.comment
	}
	return i, true
}

func hasColumns(t *table, names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, ok := t.column(name)
		return !ok
	})
}

// reorders lists the tables whose common columns stand in another order than in the model, with the order they have.
func reorders(now, model *state) (out []string) {
	for _, name := range model.tableNames() {
		have := now.tables[name]
		if have == nil {
			continue
		}
		if a, b := commonOrder(have, model.tables[name]), commonOrder(model.tables[name], have); !slices.Equal(a, b) {
			out = append(out, "the columns of table "+name+" stand in another order than in the schema code, which makes no difference")
		}
	}
	return out
}

func commonOrder(t, other *table) (names []string) {
	for _, c := range t.columns {
		if _, ok := other.column(c.name); ok {
			names = append(names, c.name)
		}
	}
	return names
}
