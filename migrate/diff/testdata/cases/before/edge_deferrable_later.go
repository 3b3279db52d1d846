// A deferrable foreign key is checked at once unless somebody asks.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO edge_deferrable_laters (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_deferrable_later_parts (name) VALUES ('p')
// rows: UPDATE edge_deferrable_later_parts SET edge_deferrable_later_parts = 2
// keeps: SELECT name, edge_deferrable_later_parts FROM edge_deferrable_later_parts

type EdgeDeferrableLater struct{ ent.Schema }

func (EdgeDeferrableLater) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableLater) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferrableLaterPart.Type).Annotations(plinth.Deferrable(true)),
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
