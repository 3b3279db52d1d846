// A foreign key is checked at once again.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, edge_immediate_parts FROM edge_immediate_parts

type EdgeImmediate struct{ ent.Schema }

func (EdgeImmediate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeImmediate) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeImmediatePart.Type),
	}
}

type EdgeImmediatePart struct{ ent.Schema }

func (EdgeImmediatePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeImmediatePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeImmediate.Type).Ref("parts").Unique(),
	}
}
