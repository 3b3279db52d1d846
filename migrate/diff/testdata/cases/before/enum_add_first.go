// A value is added at the beginning.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_add_firsts (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_add_firsts

type EnumAddFirst struct{ ent.Schema }

func (EnumAddFirst) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
