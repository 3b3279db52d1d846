// A unique column that may be NULL is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_add_uniques (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM column_add_uniques

type ColumnAddUnique struct{ ent.Schema }

func (ColumnAddUnique) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
