// A value is renamed.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood = 'sad' FROM enum_rename_values
// gives: SELECT mood FROM enum_rename_values
// gets: (happy)
// gets: (sad)

type EnumRenameValue struct{ ent.Schema }

func (EnumRenameValue) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "happy").Annotations(plinth.NativeEnum(), plinth.RenamedValue("glad", "happy")),
	}
}
