// When its whole is deleted, a row is now checked at the end of the statement.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, edge_delete_no_action_parts FROM edge_delete_no_action_parts

type EdgeDeleteNoAction struct{ ent.Schema }

func (EdgeDeleteNoAction) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteNoAction) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeDeleteNoActionPart.Type).Annotations(entsql.OnDelete(entsql.NoAction)),
	}
}

type EdgeDeleteNoActionPart struct{ ent.Schema }

func (EdgeDeleteNoActionPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeDeleteNoActionPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeDeleteNoAction.Type).Ref("parts").Unique(),
	}
}
