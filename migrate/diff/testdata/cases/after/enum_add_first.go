// A value is added at the beginning.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_add_firsts

type EnumAddFirst struct{ ent.Schema }

func (EnumAddFirst) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("calm", "sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
