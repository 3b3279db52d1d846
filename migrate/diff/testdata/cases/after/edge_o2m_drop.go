// An edge from one to many goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_o2m_drops

type EdgeO2mDrop struct{ ent.Schema }

func (EdgeO2mDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeO2mDropPart struct{ ent.Schema }

func (EdgeO2mDropPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
