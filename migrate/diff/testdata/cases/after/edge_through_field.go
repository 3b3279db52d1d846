// The table of an edge schema gets a field.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

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
		field.Time("joined_at").Annotations(entsql.DefaultExpr("now()")),
	}
}

func (EdgeThroughJoin) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("club", EdgeThroughClub.Type).Field("club_id").Unique().Required(),
		edge.To("member", EdgeThroughMember.Type).Field("member_id").Unique().Required(),
	}
}
