// An edge gets a field for its column, which is renamed.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, whole_id FROM edge_field_named_parts

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
		field.Int("whole_id").Optional().Annotations(plinth.RenamedFrom("edge_field_named_parts")),
	}
}

func (EdgeFieldNamedPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeFieldNamed.Type).Ref("parts").Unique().Field("whole_id"),
	}
}
