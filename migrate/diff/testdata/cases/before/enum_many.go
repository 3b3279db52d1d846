// Many types change at once.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_manies (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_manies

type EnumMany struct{ ent.Schema }

func (EnumMany) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
		field.Enum("size").Values("small", "large").Default("small").Annotations(plinth.NativeEnum()),
		field.Enum("shape").Values("round", "flat").Default("flat").Annotations(plinth.NativeEnum()),
		field.Enum("tone").Values("low", "high").Default("low").Annotations(plinth.NativeEnum()),
	}
}
