// A column gets a default.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, age FROM column_default_adds

type ColumnDefaultAdd struct{ ent.Schema }

func (ColumnDefaultAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Default(18),
	}
}
