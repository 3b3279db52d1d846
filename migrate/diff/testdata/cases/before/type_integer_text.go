// A number becomes text.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_integer_texts (name, v) VALUES ('a', 12)
// keeps: SELECT name, v::text FROM type_integer_texts

type TypeIntegerText struct{ ent.Schema }

func (TypeIntegerText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("v"),
	}
}
