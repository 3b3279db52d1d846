// Several values are added in between.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_add_betweens

type EnumAddBetween struct{ ent.Schema }

func (EnumAddBetween) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "calm", "so-so", "glad").Annotations(plinth.NativeEnum()),
	}
}
