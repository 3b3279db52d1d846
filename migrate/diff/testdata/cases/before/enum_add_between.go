// Several values are added in between.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_add_betweens (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_add_betweens

type EnumAddBetween struct{ ent.Schema }

func (EnumAddBetween) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
