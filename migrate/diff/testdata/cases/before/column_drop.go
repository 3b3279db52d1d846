// A column is dropped; the down brings it back, not its values.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_drops (name, age) VALUES ('a', 1)
// keeps: SELECT id, name FROM column_drops

type ColumnDrop struct{ ent.Schema }

func (ColumnDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
