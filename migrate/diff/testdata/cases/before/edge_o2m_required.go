// An edge becomes required: rows without one have no value for it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2m_requireds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2m_required_parts (name) VALUES ('p')
// rows: UPDATE edge_o2m_required_parts SET edge_o2m_required_parts = 2
// keeps: SELECT name, edge_o2m_required_parts FROM edge_o2m_required_parts

type EdgeO2mRequired struct{ ent.Schema }

func (EdgeO2mRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mRequired) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeO2mRequiredPart.Type),
	}
}

type EdgeO2mRequiredPart struct{ ent.Schema }

func (EdgeO2mRequiredPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mRequiredPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2mRequired.Type).Ref("parts").Unique(),
	}
}
