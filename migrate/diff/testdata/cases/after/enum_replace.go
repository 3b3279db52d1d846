// Values are added, removed and put in another order at once.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_replaces

type EnumReplace struct{ ent.Schema }

func (EnumReplace) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("glad", "odd", "sad").Annotations(plinth.NativeEnum()),
	}
}
