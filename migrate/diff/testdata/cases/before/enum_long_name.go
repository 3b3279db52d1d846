// A type whose name has the greatest length loses a value.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_long_names (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_long_names

type EnumLongName struct{ ent.Schema }

func (EnumLongName) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")),
	}
}
