// An edge whose check waits becomes required; rows without one get the default.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO edge_deferred_requireds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_deferred_required_parts (name) VALUES ('p')
// keeps: SELECT name FROM edge_deferred_required_parts

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
		field.Int("whole_id").Optional(),
	}
}

func (EdgeDeferredRequiredPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeferredRequired.Type).Ref("parts").Unique().Field("whole_id"),
	}
}
