// An edge from many to many is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_m2m_adds

type EdgeM2mAdd struct{ ent.Schema }

func (EdgeM2mAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mAdd) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("ties", EdgeM2mAddPart.Type),
	}
}

type EdgeM2mAddPart struct{ ent.Schema }

func (EdgeM2mAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mAddPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("wholes", EdgeM2mAdd.Type).Ref("ties"),
	}
}
