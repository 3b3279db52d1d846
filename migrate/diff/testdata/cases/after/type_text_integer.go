// Text becomes a number: the up fails on text that is none.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_text_integers

type TypeTextInteger struct{ ent.Schema }

func (TypeTextInteger) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("v"),
	}
}
