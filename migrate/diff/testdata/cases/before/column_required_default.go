// A column becomes required; NULLs get its default.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_required_defaults (name, age) VALUES ('a', NULL), ('b', 2)
// keeps: SELECT name FROM column_required_defaults

type ColumnRequiredDefault struct{ ent.Schema }

func (ColumnRequiredDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
