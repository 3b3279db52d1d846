// A value is removed that no row holds.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_removes

type EnumRemove struct{ ent.Schema }

func (EnumRemove) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("glad").Annotations(plinth.NativeEnum()),
	}
}
