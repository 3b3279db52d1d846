// A floating number becomes an exact one, which may round.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_float_numerics (name, v) VALUES ('a', 1.5)
// keeps: SELECT id, name FROM type_float_numerics

type TypeFloatNumeric struct{ ent.Schema }

func (TypeFloatNumeric) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Float("v"),
	}
}
