// A column is dropped; the down brings it back, not its values.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_drops

type ColumnDrop struct{ ent.Schema }

func (ColumnDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
