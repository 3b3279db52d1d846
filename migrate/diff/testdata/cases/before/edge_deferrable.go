// A foreign key may be checked at the end of the transaction.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_deferrables (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_deferrable_parts (name) VALUES ('p')
// rows: UPDATE edge_deferrable_parts SET edge_deferrable_parts = 2
// keeps: SELECT name, edge_deferrable_parts FROM edge_deferrable_parts

type EdgeDeferrable struct{ ent.Schema }

func (EdgeDeferrable) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrable) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferrablePart.Type),
	}
}

type EdgeDeferrablePart struct{ ent.Schema }

func (EdgeDeferrablePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrablePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeferrable.Type).Ref("parts").Unique(),
	}
}
