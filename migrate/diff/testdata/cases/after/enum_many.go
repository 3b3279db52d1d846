// Many types change at once.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_manies

type EnumMany struct{ ent.Schema }

func (EnumMany) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum()),
		field.Enum("size").Values("large").Default("large").Annotations(plinth.NativeEnum(), plinth.RemovedValue("small", "large")),
		field.Enum("shape").Values("flat", "round").Default("flat").Annotations(plinth.NativeEnum()),
		field.Enum("tone").Values("deep", "high").Default("deep").Annotations(plinth.NativeEnum(), plinth.RenamedValue("low", "deep")),
	}
}
