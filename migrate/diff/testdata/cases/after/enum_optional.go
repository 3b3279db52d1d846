// A required native enum becomes optional.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_optionals

type EnumOptional struct{ ent.Schema }

func (EnumOptional) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Optional().Annotations(plinth.NativeEnum()),
	}
}
