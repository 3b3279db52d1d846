// One to many becomes one to one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, edge_o2m_o2o_part FROM edge_o2m_o2o_parts

type EdgeO2mO2o struct{ ent.Schema }

func (EdgeO2mO2o) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mO2o) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("part", EdgeO2mO2oPart.Type).Unique(),
	}
}

type EdgeO2mO2oPart struct{ ent.Schema }

func (EdgeO2mO2oPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mO2oPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2mO2o.Type).Ref("part").Unique(),
	}
}
