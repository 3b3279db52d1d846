// A foreign key becomes deferrable and gets another action.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, edge_deferrable_action_parts FROM edge_deferrable_action_parts

type EdgeDeferrableAction struct{ ent.Schema }

func (EdgeDeferrableAction) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableAction) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferrableActionPart.Type).Annotations(plinth.Deferrable(false), entsql.OnDelete(entsql.Cascade)),
	}
}

type EdgeDeferrableActionPart struct{ ent.Schema }

func (EdgeDeferrableActionPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableActionPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeferrableAction.Type).Ref("parts").Unique(),
	}
}
