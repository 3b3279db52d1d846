// The default of the field changes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_defaults (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_defaults

type EnumDefault struct{ ent.Schema }

func (EnumDefault) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad").Annotations(plinth.NativeEnum()),
	}
}
