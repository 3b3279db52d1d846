// The default of a column changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, mood FROM column_default_changes

type ColumnDefaultChange struct{ ent.Schema }

func (ColumnDefaultChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mood").Default("fine"),
	}
}
