// A native enum becomes a varchar one.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_varchars (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_varchars

type EnumVarchar struct{ ent.Schema }

func (EnumVarchar) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad").Annotations(plinth.NativeEnum()),
	}
}
