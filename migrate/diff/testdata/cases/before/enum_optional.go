// A required native enum becomes optional.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_optionals (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_optionals

type EnumOptional struct{ ent.Schema }

func (EnumOptional) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
