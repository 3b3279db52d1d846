// When its whole is deleted, a row is now kept from going.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_delete_restricts (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_delete_restrict_parts (name) VALUES ('p')
// rows: UPDATE edge_delete_restrict_parts SET edge_delete_restrict_parts = 2
// keeps: SELECT name, edge_delete_restrict_parts FROM edge_delete_restrict_parts

type EdgeDeleteRestrict struct{ ent.Schema }

func (EdgeDeleteRestrict) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteRestrict) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeleteRestrictPart.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

type EdgeDeleteRestrictPart struct{ ent.Schema }

func (EdgeDeleteRestrictPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteRestrictPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeleteRestrict.Type).Ref("parts").Unique(),
	}
}
