package lint

import (
	"slices"
	"strings"
)

func (m *model) alterTable(t tree) {
	key := rangeKey(t.sub("relation"))
	r := m.relations[key]
	if r == nil {
		return
	}
	for _, cmd := range t.nodes("cmds", "AlterTableCmd") {
		m.alterOne(key, r, cmd)
	}
}

func (m *model) alterOne(key string, r *relation, cmd tree) {
	name := cmd.str("name")
	c := r.column(name)
	_, def := cmd.node("def")
	switch cmd.str("subtype") {
	case "AT_AddColumn":
		if r.column(def.str("colname")) == nil {
			m.addColumn(r, def)
		}
	case "AT_DropColumn":
		r.columns = slices.DeleteFunc(r.columns, func(c *column) bool { return c.name == name })
		r.constraints = slices.DeleteFunc(r.constraints, func(c *constraint) bool { return slices.Contains(c.columns, name) })
		for _, i := range m.indexesOn(key) {
			if slices.Contains(i.index.columns, name) {
				delete(m.relations, i.key)
			}
		}
	case "AT_AddConstraint":
		m.addConstraint(r, def)
	case "AT_DropConstraint":
		r.constraints = slices.DeleteFunc(r.constraints, func(c *constraint) bool { return c.name == name })
	case "AT_ValidateConstraint":
		if found := r.constraint(name); found != nil {
			found.valid = true
		}
	case "AT_ReplicaIdentity":
		r.identity = strings.TrimSuffix(def.str("identity_type"), "d")
	case "AT_AttachPartition":
		if part := m.table(def.sub("name")); part != nil {
			part.parent, part.isDefault = key, def.sub("bound").flag("is_default")
			m.link(key, part)
		}
	case "AT_DetachPartition":
		if part := m.table(def.sub("name")); part != nil {
			part.parent = ""
		}
	}
	if c == nil {
		return
	}
	switch cmd.str("subtype") {
	case "AT_SetNotNull":
		c.notNull = true
	case "AT_DropNotNull":
		c.notNull = false
	case "AT_ColumnDefault":
		c.hasValue = def != nil
	case "AT_AlterColumnType":
		c.typ = readType(def.sub("typeName"))
	case "AT_AddIdentity":
		c.hasValue, c.identity = true, true
	case "AT_DropIdentity", "AT_DropExpression":
		c.hasValue, c.generated, c.identity = false, false, false
	}
}

func (m *model) rename(t tree) {
	key := rangeKey(t.sub("relation"))
	r := m.relations[key]
	if r == nil {
		return
	}
	to := t.str("newname")
	switch t.str("renameType") {
	case "OBJECT_COLUMN":
		if c := r.column(t.str("subname")); c != nil {
			c.name = to
		}
		for _, c := range r.constraints {
			replace(c.columns, t.str("subname"), to)
		}
		for _, i := range m.indexesOn(key) {
			replace(i.index.columns, t.str("subname"), to)
		}
	case "OBJECT_TABCONSTRAINT":
		if c := r.constraint(t.str("subname")); c != nil {
			c.name = to
		}
	case "OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE":
		m.move(key, nameKey(t.sub("relation").str("schemaname"), to), qualified(t.sub("relation").str("schemaname"), to))
	}
}

func replace(list []string, from, to string) {
	for i := range list {
		if list[i] == from {
			list[i] = to
		}
	}
}

func (m *model) renameSchema(from, to string) {
	for _, r := range m.inSchema(from) {
		name := strings.TrimPrefix(r.key, from+".")
		m.move(r.key, nameKey(to, name), qualified(to, name))
	}
	if run, known := m.schemas[from]; known {
		delete(m.schemas, from)
		m.schemas[to] = run
	}
}

func (m *model) renameType(t tree) {
	_, object := t.node("object")
	names := object.names("items")
	if typ := m.types[typeKey(names)]; typ != nil && len(names) > 0 {
		delete(m.types, typeKey(names))
		renamed := append(slices.Clone(names[:len(names)-1]), t.str("newname"))
		typ.run = m.run // nobody knows it by this name
		m.types[typeKey(renamed)] = typ
	}
}

// move gives a relation another key, wherever it is referred to.
func (m *model) move(from, to, name string) {
	r := m.relations[from]
	if r == nil {
		return
	}
	delete(m.relations, from)
	m.moveObjects(from, to)
	r.key, r.name = to, name
	m.relations[to] = r
	for other := range m.linked(from) {
		m.link(to, other)
		if other.parent == from {
			other.parent = to
		}
		if other.index != nil && other.index.table == from {
			other.index.table = to
		}
		for _, c := range other.constraints {
			if c.refTable == from {
				c.refTable = to
			}
		}
	}
}

func (m *model) setSchema(t tree) {
	if name := t.sub("relation"); name != nil {
		m.move(rangeKey(name), nameKey(t.str("newschema"), name.str("relname")), qualified(t.str("newschema"), name.str("relname")))
	}
}
