// Many to many becomes one to many, which loses who belonged to whom.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_m2m_o2ms (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_m2m_o2m_parts (name) VALUES ('p')
// rows: INSERT INTO edge_m2m_o2m_ties VALUES (1, 1), (2, 1)
// keeps: SELECT name FROM edge_m2m_o2ms

type EdgeM2mO2m struct{ ent.Schema }

func (EdgeM2mO2m) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mO2m) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("ties", EdgeM2mO2mPart.Type),
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
		edge.From("wholes", EdgeM2mO2m.Type).Ref("ties"),
	}
}
