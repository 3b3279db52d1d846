// A required column with a constant default is added; rows that are there get it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_add_defaults
// gives: SELECT name, age FROM column_add_defaults
// gets: (a,18)
// gets: (b,18)

type ColumnAddDefault struct{ ent.Schema }

func (ColumnAddDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Default(18),
	}
}
