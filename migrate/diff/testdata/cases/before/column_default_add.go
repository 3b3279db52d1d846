// A column gets a default.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_default_adds (name, age) VALUES ('a', 1)
// keeps: SELECT name, age FROM column_default_adds

type ColumnDefaultAdd struct{ ent.Schema }

func (ColumnDefaultAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age"),
	}
}
