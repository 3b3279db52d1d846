// A required column without a default is added: rows that are there have no value for it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_add_requireds (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM column_add_requireds

type ColumnAddRequired struct{ ent.Schema }

func (ColumnAddRequired) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
