// A column becomes required and has no default: nobody knows what NULLs are to become.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_requireds

type ColumnRequired struct{ ent.Schema }

func (ColumnRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age"),
	}
}
