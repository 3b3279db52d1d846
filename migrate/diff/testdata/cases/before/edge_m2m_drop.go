// An edge from many to many goes, and the rows of its table.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_m2m_drops (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_m2m_drop_parts (name) VALUES ('p')
// rows: INSERT INTO edge_m2m_drop_ties VALUES (1, 1), (2, 1)
// keeps: SELECT name FROM edge_m2m_drops

type EdgeM2mDrop struct{ ent.Schema }

func (EdgeM2mDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mDrop) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("ties", EdgeM2mDropPart.Type),
	}
}

type EdgeM2mDropPart struct{ ent.Schema }

func (EdgeM2mDropPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mDropPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("wholes", EdgeM2mDrop.Type).Ref("ties"),
	}
}
