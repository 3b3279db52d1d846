// A column of an array of an enum type is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_array_adds (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_array_adds

type EnumArrayAdd struct{ ent.Schema }

func (EnumArrayAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_array_add_type")),
	}
}
