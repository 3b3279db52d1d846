// An edge gets a field for its column, which is renamed.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_field_nameds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_field_named_parts (name) VALUES ('p')
// rows: UPDATE edge_field_named_parts SET edge_field_named_parts = 2
// keeps: SELECT name, edge_field_named_parts FROM edge_field_named_parts

type EdgeFieldNamed struct{ ent.Schema }

func (EdgeFieldNamed) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeFieldNamed) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeFieldNamedPart.Type),
	}
}

type EdgeFieldNamedPart struct{ ent.Schema }

func (EdgeFieldNamedPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeFieldNamedPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeFieldNamed.Type).Ref("parts").Unique(),
	}
}
