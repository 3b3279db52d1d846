// An edge from one to one is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_o2o_adds

type EdgeO2oAdd struct{ ent.Schema }

func (EdgeO2oAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2oAdd) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("part", EdgeO2oAddPart.Type).Unique(),
	}
}

type EdgeO2oAddPart struct{ ent.Schema }

func (EdgeO2oAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2oAddPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2oAdd.Type).Ref("part").Unique(),
	}
}
