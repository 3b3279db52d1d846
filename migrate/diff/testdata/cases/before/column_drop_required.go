// A required column is dropped; the down fills it with a zero.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_drop_requireds (name, age) VALUES ('a', 1)
// keeps: SELECT id, name FROM column_drop_requireds

type ColumnDropRequired struct{ ent.Schema }

func (ColumnDropRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age"),
	}
}
