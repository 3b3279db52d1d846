// A number becomes text.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_integer_texts

type TypeIntegerText struct{ ent.Schema }

func (TypeIntegerText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v"),
	}
}
