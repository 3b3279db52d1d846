// The values get another order.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_reorders (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_reorders

type EnumReorder struct{ ent.Schema }

func (EnumReorder) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum()),
	}
}
