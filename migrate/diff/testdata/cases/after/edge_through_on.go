// The table of an edge from many to many becomes an edge schema, and keeps its rows.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM edge_schema_club_members

type EdgeSchemaClub struct{ ent.Schema }

func (EdgeSchemaClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSchemaClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", EdgeSchemaMember.Type).Through("joins", EdgeSchemaJoin.Type),
	}
}

type EdgeSchemaMember struct{ ent.Schema }

func (EdgeSchemaMember) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSchemaMember) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("clubs", EdgeSchemaClub.Type).Ref("members").Through("joins", EdgeSchemaJoin.Type),
	}
}

type EdgeSchemaJoin struct{ ent.Schema }

func (EdgeSchemaJoin) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("edge_schema_club_members"),
		field.ID("club_id", "member_id"),
	}
}

func (EdgeSchemaJoin) Fields() []ent.Field {
	return []ent.Field{
		field.Int("club_id").StorageKey("edge_schema_club_id"),
		field.Int("member_id").StorageKey("edge_schema_member_id"),
	}
}

func (EdgeSchemaJoin) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("club", EdgeSchemaClub.Type).Field("club_id").Unique().Required().Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("member", EdgeSchemaMember.Type).Field("member_id").Unique().Required().Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}
