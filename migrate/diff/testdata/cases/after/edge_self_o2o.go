// A couple: an edge from one of an entity to one of it is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_self_couples

type EdgeSelfCouple struct{ ent.Schema }

func (EdgeSelfCouple) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSelfCouple) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("spouse", EdgeSelfCouple.Type).Unique(),
	}
}
