// One to one becomes one to many.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2o_o2ms (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2o_o2m_parts (name) VALUES ('p')
// rows: UPDATE edge_o2o_o2m_parts SET edge_o2o_o2m_part = 2
// keeps: SELECT name, edge_o2o_o2m_part FROM edge_o2o_o2m_parts

type EdgeO2oO2m struct{ ent.Schema }

func (EdgeO2oO2m) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2oO2m) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("part", EdgeO2oO2mPart.Type).Unique(),
	}
}

type EdgeO2oO2mPart struct{ ent.Schema }

func (EdgeO2oO2mPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2oO2mPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2oO2m.Type).Ref("part").Unique(),
	}
}
