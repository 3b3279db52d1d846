// Many to many becomes one to many, which loses who belonged to whom.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM edge_m2m_o2ms

type EdgeM2mO2m struct{ ent.Schema }

func (EdgeM2mO2m) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mO2m) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeM2mO2mPart.Type),
	}
}

type EdgeM2mO2mPart struct{ ent.Schema }

func (EdgeM2mO2mPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mO2mPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeM2mO2m.Type).Ref("parts").Unique(),
	}
}
