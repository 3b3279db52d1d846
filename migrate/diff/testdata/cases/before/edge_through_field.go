// The table of an edge schema gets a field.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_through_clubs (name) VALUES ('c')
// rows: INSERT INTO edge_through_members (name) VALUES ('m')
// rows: INSERT INTO edge_through_joins (club_id, member_id) VALUES (1, 1)
// keeps: SELECT club_id, member_id FROM edge_through_joins

type EdgeThroughClub struct{ ent.Schema }

func (EdgeThroughClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeThroughClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", EdgeThroughMember.Type).Through("joins", EdgeThroughJoin.Type),
	}
}

type EdgeThroughMember struct{ ent.Schema }

func (EdgeThroughMember) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeThroughMember) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("clubs", EdgeThroughClub.Type).Ref("members").Through("joins", EdgeThroughJoin.Type),
	}
}

type EdgeThroughJoin struct{ ent.Schema }

func (EdgeThroughJoin) Annotations() []schema.Annotation {
	return []schema.Annotation{
		field.ID("club_id", "member_id"),
	}
}

func (EdgeThroughJoin) Fields() []ent.Field {
	return []ent.Field{
		field.Int("club_id"),
		field.Int("member_id"),
	}
}

func (EdgeThroughJoin) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("club", EdgeThroughClub.Type).Field("club_id").Unique().Required(),
		edge.To("member", EdgeThroughMember.Type).Field("member_id").Unique().Required(),
	}
}
