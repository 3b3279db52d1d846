// A larger integer.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_integer_widers

type TypeIntegerWider struct{ ent.Schema }

func (TypeIntegerWider) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int64("v"),
	}
}
