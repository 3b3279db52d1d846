// A column that may be NULL is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_adds

type ColumnAdd struct{ ent.Schema }

func (ColumnAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
