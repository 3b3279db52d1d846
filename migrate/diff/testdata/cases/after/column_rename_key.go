// A column gets another name by StorageKey.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, nick_name FROM column_rename_keys

type ColumnRenameKey struct{ ent.Schema }

func (ColumnRenameKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("nick").StorageKey("nick_name").Annotations(plinth.RenamedFrom("nick")),
	}
}
