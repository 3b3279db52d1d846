// An edge from one to many is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2m_adds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2m_add_parts (name) VALUES ('p')
// keeps: SELECT name FROM edge_o2m_adds

type EdgeO2mAdd struct{ ent.Schema }

func (EdgeO2mAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeO2mAddPart struct{ ent.Schema }

func (EdgeO2mAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
