// The type gets another name.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_rename_types

type EnumRenameType struct{ ent.Schema }

func (EnumRenameType) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("feeling")),
	}
}
