// The default of a column goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_default_drops (name) VALUES ('a')
// keeps: SELECT name, age FROM column_default_drops

type ColumnDefaultDrop struct{ ent.Schema }

func (ColumnDefaultDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Default(18),
	}
}
