// A value is added and becomes the default, which needs a file of its own.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_add_defaults (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_add_defaults

type EnumAddDefault struct{ ent.Schema }

func (EnumAddDefault) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
