// A row no more follows the key of its whole.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, edge_update_back_parts FROM edge_update_back_parts

type EdgeUpdateBack struct{ ent.Schema }

func (EdgeUpdateBack) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateBack) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeUpdateBackPart.Type),
	}
}

type EdgeUpdateBackPart struct{ ent.Schema }

func (EdgeUpdateBackPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateBackPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeUpdateBack.Type).Ref("parts").Unique(),
	}
}
