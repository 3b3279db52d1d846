// The field is renamed, and the type with it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_rename_fields (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_rename_fields

type EnumRenameField struct{ ent.Schema }

func (EnumRenameField) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
