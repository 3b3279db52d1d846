// The field goes, and its type with it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_drops (name, mood) VALUES ('a', 'sad')
// keeps: SELECT id, name FROM enum_drops

type EnumDrop struct{ ent.Schema }

func (EnumDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Enum("mood").Values("sad", "glad").Optional().Annotations(plinth.NativeEnum()),
	}
}
