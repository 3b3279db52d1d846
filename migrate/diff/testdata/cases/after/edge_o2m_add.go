// An edge from one to many is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_o2m_adds

type EdgeO2mAdd struct{ ent.Schema }

func (EdgeO2mAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mAdd) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeO2mAddPart.Type),
	}
}

type EdgeO2mAddPart struct{ ent.Schema }

func (EdgeO2mAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mAddPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2mAdd.Type).Ref("parts").Unique(),
	}
}
