// A unique column that may be NULL is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_add_uniques

type ColumnAddUnique struct{ ent.Schema }

func (ColumnAddUnique) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Optional().Unique(),
	}
}
