// An edge from many to one is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_m2o_adds

type EdgeM2oAdd struct{ ent.Schema }

func (EdgeM2oAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2oAdd) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("part", EdgeM2oAddPart.Type).Unique(),
	}
}

type EdgeM2oAddPart struct{ ent.Schema }

func (EdgeM2oAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2oAddPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("wholes", EdgeM2oAdd.Type).Ref("part"),
	}
}
