// The type gets another name.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_rename_types (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_rename_types

type EnumRenameType struct{ ent.Schema }

func (EnumRenameType) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
