// The key of a table gets another name.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT number, name FROM key_renames

type KeyRename struct{ ent.Schema }

func (KeyRename) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").StorageKey("number").Annotations(plinth.RenamedFrom("id")),
		field.String("name"),
	}
}
