// A value is removed that no row holds.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_removes (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_removes

type EnumRemove struct{ ent.Schema }

func (EnumRemove) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "calm", "glad").Default("glad").Annotations(plinth.NativeEnum()),
	}
}
