// A value is removed that rows hold: the up fails with their count until they are changed.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id FROM enum_remove_helds
// fails: column enum_remove_helds.mood holds values that enum type enum_remove_helds_mood will not have: 'calm' (rows: 2)
// mend: UPDATE enum_remove_helds SET mood = 'glad' WHERE mood = 'calm'

type EnumRemoveHeld struct{ ent.Schema }

func (EnumRemoveHeld) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
