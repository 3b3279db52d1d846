// When its whole is deleted, a row is now emptied.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_delete_set_nulls (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_delete_set_null_parts (name) VALUES ('p')
// rows: UPDATE edge_delete_set_null_parts SET edge_delete_set_null_parts = 2
// keeps: SELECT name, edge_delete_set_null_parts FROM edge_delete_set_null_parts

type EdgeDeleteSetNull struct{ ent.Schema }

func (EdgeDeleteSetNull) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteSetNull) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeleteSetNullPart.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

type EdgeDeleteSetNullPart struct{ ent.Schema }

func (EdgeDeleteSetNullPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteSetNullPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeleteSetNull.Type).Ref("parts").Unique(),
	}
}
