// A value is removed that rows hold: the up fails with their count until they are changed.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_remove_helds (mood) VALUES ('sad'), ('calm'), ('calm')
// keeps: SELECT id FROM enum_remove_helds

type EnumRemoveHeld struct{ ent.Schema }

func (EnumRemoveHeld) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum()),
	}
}
