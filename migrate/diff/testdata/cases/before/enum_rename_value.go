// A value is renamed.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_rename_values (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood = 'sad' FROM enum_rename_values

type EnumRenameValue struct{ ent.Schema }

func (EnumRenameValue) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
