// The column of an edge becomes a field of the same column.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_fields (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_field_parts (name) VALUES ('p')
// rows: UPDATE edge_field_parts SET edge_field_parts = 2
// keeps: SELECT name, edge_field_parts FROM edge_field_parts

type EdgeField struct{ ent.Schema }

func (EdgeField) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeField) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeFieldPart.Type),
	}
}

type EdgeFieldPart struct{ ent.Schema }

func (EdgeFieldPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeFieldPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeField.Type).Ref("parts").Unique(),
	}
}
