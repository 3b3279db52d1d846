// A deferrable foreign key is checked at once unless somebody asks.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, edge_deferrable_later_parts FROM edge_deferrable_later_parts

type EdgeDeferrableLater struct{ ent.Schema }

func (EdgeDeferrableLater) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableLater) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferrableLaterPart.Type).Annotations(plinth.Deferrable(false)),
	}
}

type EdgeDeferrableLaterPart struct{ ent.Schema }

func (EdgeDeferrableLaterPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableLaterPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeferrableLater.Type).Ref("parts").Unique(),
	}
}
