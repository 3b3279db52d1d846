// The rows of a join table follow the keys.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM edge_m2m_update_ties

type EdgeM2mUpdate struct{ ent.Schema }

func (EdgeM2mUpdate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mUpdate) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("ties", EdgeM2mUpdatePart.Type).Annotations(plinth.OnUpdate("CASCADE"), plinth.Deferrable(false)),
	}
}

type EdgeM2mUpdatePart struct{ ent.Schema }

func (EdgeM2mUpdatePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mUpdatePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("wholes", EdgeM2mUpdate.Type).Ref("ties"),
	}
}
