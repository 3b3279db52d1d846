// A floating number becomes an exact one, which may round.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM type_float_numerics

type TypeFloatNumeric struct{ ent.Schema }

func (TypeFloatNumeric) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Float("v").SchemaType(map[string]string{dialect.Postgres: "numeric(8,2)"}),
	}
}
