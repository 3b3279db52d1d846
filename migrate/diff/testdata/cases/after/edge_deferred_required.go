// An edge whose check waits becomes required; rows without one get the default.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name FROM edge_deferred_required_parts
// gives: SELECT whole_id FROM edge_deferred_required_parts
// gets: (1)

type EdgeDeferredRequired struct{ ent.Schema }

func (EdgeDeferredRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferredRequired) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferredRequiredPart.Type).Annotations(plinth.Deferrable(true), entsql.OnDelete(entsql.NoAction)),
	}
}

type EdgeDeferredRequiredPart struct{ ent.Schema }

func (EdgeDeferredRequiredPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("whole_id").Default(1),
	}
}

func (EdgeDeferredRequiredPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeferredRequired.Type).Ref("parts").Unique().Field("whole_id").Required(),
	}
}
