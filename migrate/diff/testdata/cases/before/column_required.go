// A column becomes required and has no default: nobody knows what NULLs are to become.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_requireds (name, age) VALUES ('a', 1)
// keeps: SELECT id, name FROM column_requireds

type ColumnRequired struct{ ent.Schema }

func (ColumnRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
