// Values are removed, and rows that hold them get others.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_remove_mappeds (mood) VALUES ('sad'), ('calm'), ('odd')
// keeps: SELECT id FROM enum_remove_mappeds

type EnumRemoveMapped struct{ ent.Schema }

func (EnumRemoveMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm", "odd").Default("calm").Annotations(plinth.NativeEnum()),
	}
}
