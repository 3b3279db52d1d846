// The table of an edge from many to many becomes an edge schema, and keeps its rows.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_schema_clubs (name) VALUES ('c')
// rows: INSERT INTO edge_schema_members (name) VALUES ('m')
// rows: INSERT INTO edge_schema_club_members VALUES (1, 1)
// keeps: SELECT * FROM edge_schema_club_members

type EdgeSchemaClub struct{ ent.Schema }

func (EdgeSchemaClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeSchemaClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", EdgeSchemaMember.Type),
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
		edge.From("clubs", EdgeSchemaClub.Type).Ref("members"),
	}
}
