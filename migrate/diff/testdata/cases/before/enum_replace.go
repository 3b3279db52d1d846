// Values are added, removed and put in another order at once.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_replaces (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_replaces

type EnumReplace struct{ ent.Schema }

func (EnumReplace) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum()),
	}
}
