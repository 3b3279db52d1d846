// The column of an edge becomes a field of the same column.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

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
		field.Int("whole_id").StorageKey("edge_field_parts").Optional(),
	}
}

func (EdgeFieldPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeField.Type).Ref("parts").Unique().Field("whole_id"),
	}
}
