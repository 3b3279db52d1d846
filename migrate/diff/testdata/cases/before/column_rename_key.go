// A column gets another name by StorageKey.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_rename_keys (name, nick) VALUES ('a', 'x')
// keeps: SELECT name, nick FROM column_rename_keys

type ColumnRenameKey struct{ ent.Schema }

func (ColumnRenameKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("nick"),
	}
}
