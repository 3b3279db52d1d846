// The key of a table gets another name.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO key_renames (name) VALUES ('a')
// keeps: SELECT id, name FROM key_renames

type KeyRename struct{ ent.Schema }

func (KeyRename) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id"),
		field.String("name"),
	}
}
