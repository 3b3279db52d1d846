// The key of an edge schema becomes the pair of its edges, and its own number goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT club_id, guest_id FROM key_pairs

type KeyPairClub struct{ ent.Schema }

func (KeyPairClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (KeyPairClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("guests", KeyPairGuest.Type).Through("seats", KeyPair.Type),
	}
}

type KeyPairGuest struct{ ent.Schema }

func (KeyPairGuest) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (KeyPairGuest) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("clubs", KeyPairClub.Type).Ref("guests").Through("seats", KeyPair.Type),
	}
}

type KeyPair struct{ ent.Schema }

func (KeyPair) Annotations() []schema.Annotation {
	return []schema.Annotation{
		field.ID("club_id", "guest_id"),
	}
}

func (KeyPair) Fields() []ent.Field {
	return []ent.Field{
		field.Int("club_id"),
		field.Int("guest_id"),
	}
}

func (KeyPair) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("club", KeyPairClub.Type).Field("club_id").Unique().Required(),
		edge.To("guest", KeyPairGuest.Type).Field("guest_id").Unique().Required(),
	}
}
