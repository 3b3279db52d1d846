// A tree: an edge from an entity to itself is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_self_trees

type EdgeSelfTree struct{ ent.Schema }

func (EdgeSelfTree) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSelfTree) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("children", EdgeSelfTree.Type).From("parent").Unique(),
	}
}
