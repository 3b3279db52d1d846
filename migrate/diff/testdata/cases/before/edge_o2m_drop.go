// An edge from one to many goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2m_drops (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2m_drop_parts (name) VALUES ('p')
// rows: UPDATE edge_o2m_drop_parts SET edge_o2m_drop_parts = 2
// keeps: SELECT name FROM edge_o2m_drops

type EdgeO2mDrop struct{ ent.Schema }

func (EdgeO2mDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mDrop) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeO2mDropPart.Type),
	}
}

type EdgeO2mDropPart struct{ ent.Schema }

func (EdgeO2mDropPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mDropPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2mDrop.Type).Ref("parts").Unique(),
	}
}
