// A larger integer.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_integer_widers (name, v) VALUES ('a', 7)
// keeps: SELECT name, v::text FROM type_integer_widers

type TypeIntegerWider struct{ ent.Schema }

func (TypeIntegerWider) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int32("v"),
	}
}
