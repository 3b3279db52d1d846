// A required column may be NULL.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_nullables (name, age) VALUES ('a', 1)
// keeps: SELECT name, age FROM column_nullables

type ColumnNullable struct{ ent.Schema }

func (ColumnNullable) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age"),
	}
}
