// A column becomes required; NULLs get its default.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name FROM column_required_defaults
// gives: SELECT name, age FROM column_required_defaults ORDER BY 1
// gets: (a,18)
// gets: (b,2)

type ColumnRequiredDefault struct{ ent.Schema }

func (ColumnRequiredDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Default(18),
	}
}
