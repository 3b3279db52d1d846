// A foreign key becomes deferrable and gets another action.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_deferrable_actions (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_deferrable_action_parts (name) VALUES ('p')
// rows: UPDATE edge_deferrable_action_parts SET edge_deferrable_action_parts = 2
// keeps: SELECT name, edge_deferrable_action_parts FROM edge_deferrable_action_parts

type EdgeDeferrableAction struct{ ent.Schema }

func (EdgeDeferrableAction) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeferrableAction) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeferrableActionPart.Type),
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
