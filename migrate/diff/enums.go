package diff

import (
	"fmt"
	"slices"
	"strings"
)

// extendEnums plans the values that can be added to enum types in place, and returns the labels that each such type then has.
func extendEnums(from, to *state) (*script, map[string][]string) {
	s, grown := &script{}, make(map[string][]string)
	for _, name := range to.enumNames() {
		have, want := from.enums[name], to.enums[name]
		if have == nil || slices.Equal(have.labels, want.labels) || !subsequence(have.labels, want.labels) {
			continue
		}
		for i, label := range want.labels {
			if slices.Contains(have.labels, label) {
				continue
			}
			s.change("add", fmt.Sprintf("value %s of enum %s", literal(label), name), "extend enum type "+ident(name),
				fmt.Sprintf("ALTER TYPE %s ADD VALUE %s%s", ident(name), literal(label), position(want.labels, i, have.labels)))
		}
		grown[name] = want.labels
	}
	return s, grown
}

// mayUse reports whether a statement of s writes an added label down, or converts a column to a type that has one, so
// that a row may hold it.
func mayUse(s *script, from *state, grown map[string][]string) bool {
	for name, labels := range grown {
		for _, st := range s.statements {
			if strings.Contains(st.sql, " TYPE ") && strings.Contains(st.sql, name) {
				return true
			}
			for _, label := range labels {
				if !slices.Contains(from.enums[name].labels, label) && strings.Contains(st.sql, literal(label)) {
					return true
				}
			}
		}
	}
	return false
}

// position places labels[i] after its predecessor, which is there by then, or before the first label that was there. The last
// place needs no words, and neither does an enum without labels.
func position(labels []string, i int, have []string) string {
	switch {
	case i > 0 && slices.ContainsFunc(labels[i+1:], func(l string) bool { return slices.Contains(have, l) }):
		return " AFTER " + literal(labels[i-1])
	case i == 0 && len(have) > 0:
		return " BEFORE " + literal(have[0])
	default:
		return ""
	}
}

func subsequence(short, long []string) bool {
	i := 0
	for _, l := range long {
		if i < len(short) && short[i] == l {
			i++
		}
	}
	return i == len(short)
}

// swapped are the enum types whose labels differ in a way that only a new type brings about.
func (p *planner) swapped() []string {
	return slices.DeleteFunc(p.from.enumNames(), func(name string) bool {
		want := p.to.enums[name]
		return want == nil || slices.Equal(want.labels, p.from.enums[name].labels)
	})
}

func (p *planner) createEnums() {
	for _, name := range p.to.enumNames() {
		if p.from.enums[name] == nil {
			p.change("add", "enum "+name, "create enum type "+ident(name), createEnum(p.to.enums[name]))
			p.commentEnum(p.to.enums[name])
		}
	}
}

func createEnum(e *enum) string {
	return fmt.Sprintf("CREATE TYPE %s AS ENUM (%s)", ident(e.name), literals(e.labels))
}

func (p *planner) commentEnum(e *enum) {
	if e.comment != "" {
		p.do("create enum type "+ident(e.name), "COMMENT ON TYPE %s IS %s", ident(e.name), literal(e.comment))
	}
}

// swapEnums replaces each type by a new one of the same name. What mentions a type is detached by then and attached again later;
// columns go through text. Rows that hold a value which the new type lacks have stopped the script before.
func (p *planner) swapEnums() {
	names := p.swapped()
	if len(names) == 0 {
		return
	}
	first, old := len(p.statements), make([]string, len(names))
	for i, name := range names {
		old[i] = p.freeTypeName(name)
		p.do(swapComment(name), "ALTER TYPE %s RENAME TO %s", ident(name), ident(old[i]))
		p.do(swapComment(name), "%s", createEnum(p.to.enums[name]))
		p.commentEnum(p.to.enums[name])
	}
	p.moveColumns(names)
	for i, name := range names {
		p.do(swapComment(name), "DROP TYPE %s", ident(old[i]))
	}
	var sql strings.Builder
	for _, st := range p.statements[first:] {
		sql.WriteString(st.sql + ";\n")
	}
	for _, name := range names {
		p.changes = append(p.changes, labelChanges(p.from.enums[name], p.to.enums[name], strings.TrimSpace(sql.String()))...)
	}
}

func swapComment(name string) string {
	return "change the values of enum type " + ident(name)
}

// moveColumns takes the columns of all tables from the old types to the new ones. Partitions follow their parent.
func (p *planner) moveColumns(names []string) {
	for _, table := range p.from.tableNames() {
		if p.to.tables[table] == nil || p.from.tables[table].child {
			continue
		}
		for _, c := range p.from.tables[table].columns {
			if want, ok := p.to.tables[table].column(c.name); ok && slices.Contains(names, c.enum) {
				p.retype(table, c, want, swapComment(c.enum))
			}
		}
	}
}

// labelChanges tells a swap as people see it.
func labelChanges(have, want *enum, sql string) (changes []Change) {
	tell := func(verb string, labels, without []string) {
		for _, l := range labels {
			if !slices.Contains(without, l) {
				changes = append(changes, Change{Object: fmt.Sprintf("value %s of enum %s", literal(l), have.name), Change: verb, SQL: sql})
			}
		}
	}
	tell("drop", have.labels, want.labels)
	tell("add", want.labels, have.labels)
	if len(changes) == 0 {
		changes = []Change{{Object: "enum " + have.name, Change: "reorder the values of", SQL: sql}}
	}
	return changes
}

// freeTypeName finds a name for the type on its way out. A table's name is a type's name too.
func (p *planner) freeTypeName(name string) string {
	const suffix = "_old"
	if len(name) > maxName-len(suffix) {
		name = name[:maxName-len(suffix)]
	}
	for try := name + suffix; ; try += "_" {
		if p.from.enums[try] == nil && p.to.enums[try] == nil && p.from.tables[try] == nil && p.to.tables[try] == nil {
			return try
		}
	}
}

func (p *planner) dropEnums() {
	for _, name := range p.from.enumNames() {
		if p.to.enums[name] == nil {
			p.change("drop", "enum "+name, "drop enum type "+ident(name), "DROP TYPE "+ident(name))
		}
	}
}
