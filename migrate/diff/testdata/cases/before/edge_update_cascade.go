// When the key of its whole changes, a row now follows.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_update_cascades (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_update_cascade_parts (name) VALUES ('p')
// rows: UPDATE edge_update_cascade_parts SET edge_update_cascade_parts = 2
// keeps: SELECT name, edge_update_cascade_parts FROM edge_update_cascade_parts

type EdgeUpdateCascade struct{ ent.Schema }

func (EdgeUpdateCascade) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateCascade) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeUpdateCascadePart.Type),
	}
}

type EdgeUpdateCascadePart struct{ ent.Schema }

func (EdgeUpdateCascadePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateCascadePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeUpdateCascade.Type).Ref("parts").Unique(),
	}
}
