// A varchar enum with a value that nobody knows becomes a native one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id FROM enum_native_foreigns
// fails: will not have: 'elated' (rows: 1)
// mend: UPDATE enum_native_foreigns SET mood = 'glad' WHERE mood = 'elated'

type EnumNativeForeign struct{ ent.Schema }

func (EnumNativeForeign) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
