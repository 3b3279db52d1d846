// A key and the foreign keys to it change their type.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT type_key_parts FROM type_key_parts

type TypeKey struct{ ent.Schema }

func (TypeKey) Fields() []ent.Field {
	return []ent.Field{
		field.Int64("id"),
	}
}

func (TypeKey) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", TypeKeyPart.Type),
	}
}

type TypeKeyPart struct{ ent.Schema }

func (TypeKeyPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", TypeKey.Type).Ref("parts").Unique(),
	}
}
