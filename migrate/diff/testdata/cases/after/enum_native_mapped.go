// A varchar enum becomes a native one without one of its values.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id FROM enum_native_mappeds
// gives: SELECT id, mood FROM enum_native_mappeds
// gets: (1,sad)
// gets: (2,glad)

type EnumNativeMapped struct{ ent.Schema }

func (EnumNativeMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum(), plinth.RemovedValue("elated", "glad")),
	}
}
