// A varchar enum becomes a native one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_natives

type EnumNative struct{ ent.Schema }

func (EnumNative) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad").Annotations(plinth.NativeEnum()),
	}
}
