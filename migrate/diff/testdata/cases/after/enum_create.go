// A field of a native enum type is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name FROM enum_creates

type EnumCreate struct{ ent.Schema }

func (EnumCreate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Enum("mood").Values("sad", "glad").Default("glad").Annotations(plinth.NativeEnum()),
	}
}
