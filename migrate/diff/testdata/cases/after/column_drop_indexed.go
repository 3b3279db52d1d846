// A column is dropped that an index and a unique index stand on.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_drop_indexeds

type ColumnDropIndexed struct{ ent.Schema }

func (ColumnDropIndexed) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
