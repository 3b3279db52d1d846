// A smaller integer: the up fails on a number that does not fit.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_integer_narrowers

type TypeIntegerNarrower struct{ ent.Schema }

func (TypeIntegerNarrower) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int32("v"),
	}
}
