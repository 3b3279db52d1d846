// Friends: an edge from many of an entity to many of it is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_self_friends

type EdgeSelfFriend struct{ ent.Schema }

func (EdgeSelfFriend) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSelfFriend) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("friends", EdgeSelfFriend.Type),
	}
}
