// A required column with a constant default is added; rows that are there get it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_add_defaults (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM column_add_defaults

type ColumnAddDefault struct{ ent.Schema }

func (ColumnAddDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
