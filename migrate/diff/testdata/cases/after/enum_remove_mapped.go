// Values are removed, and rows that hold them get others.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id FROM enum_remove_mappeds
// gives: SELECT id, mood FROM enum_remove_mappeds
// gets: (1,sad)
// gets: (2,glad)
// gets: (3,sad)

type EnumRemoveMapped struct{ ent.Schema }

func (EnumRemoveMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad").Annotations(plinth.NativeEnum(), plinth.RemovedValue("calm", "glad"), plinth.RemovedValue("odd", "sad")),
	}
}
