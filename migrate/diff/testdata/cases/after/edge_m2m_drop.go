// An edge from many to many goes, and the rows of its table.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_m2m_drops

type EdgeM2mDrop struct{ ent.Schema }

func (EdgeM2mDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeM2mDropPart struct{ ent.Schema }

func (EdgeM2mDropPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
