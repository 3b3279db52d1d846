// When its whole is deleted, a row is now dropped too.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, edge_delete_cascade_parts FROM edge_delete_cascade_parts

type EdgeDeleteCascade struct{ ent.Schema }

func (EdgeDeleteCascade) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteCascade) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeleteCascadePart.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
	}
}

type EdgeDeleteCascadePart struct{ ent.Schema }

func (EdgeDeleteCascadePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteCascadePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeleteCascade.Type).Ref("parts").Unique(),
	}
}
