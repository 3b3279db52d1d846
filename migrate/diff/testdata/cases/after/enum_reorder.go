// The values get another order.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_reorders

type EnumReorder struct{ ent.Schema }

func (EnumReorder) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("glad", "calm", "sad").Annotations(plinth.NativeEnum()),
	}
}
