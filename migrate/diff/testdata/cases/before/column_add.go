// A column that may be NULL is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_adds (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM column_adds

type ColumnAdd struct{ ent.Schema }

func (ColumnAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
