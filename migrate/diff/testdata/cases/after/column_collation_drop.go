// A column goes back to the collation of the database.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, code FROM column_collation_drops

type ColumnCollationDrop struct{ ent.Schema }

func (ColumnCollationDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code"),
	}
}
