// A field is renamed and changes its type.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_rename_types (name, size) VALUES ('a', 7)
// keeps: SELECT name, size FROM column_rename_types

type ColumnRenameType struct{ ent.Schema }

func (ColumnRenameType) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int32("size"),
	}
}
