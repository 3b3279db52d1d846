// A required column may be NULL.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, age FROM column_nullables

type ColumnNullable struct{ ent.Schema }

func (ColumnNullable) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
