// A field is renamed; its index is renamed with it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_renames (name, nick) VALUES ('a', 'x')
// keeps: SELECT name, nick FROM column_renames

type ColumnRename struct{ ent.Schema }

func (ColumnRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("nick").Unique(),
	}
}
