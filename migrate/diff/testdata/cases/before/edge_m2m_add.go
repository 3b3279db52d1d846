// An edge from many to many is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_m2m_adds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_m2m_add_parts (name) VALUES ('p')
// keeps: SELECT name FROM edge_m2m_adds

type EdgeM2mAdd struct{ ent.Schema }

func (EdgeM2mAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeM2mAddPart struct{ ent.Schema }

func (EdgeM2mAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
