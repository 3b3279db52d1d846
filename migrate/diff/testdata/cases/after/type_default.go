// A type and its default change together.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_defaults

type TypeDefault struct{ ent.Schema }

func (TypeDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("v").Default(1),
	}
}
