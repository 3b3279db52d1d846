// The field is renamed, and the type with it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, temper::text FROM enum_rename_fields

type EnumRenameField struct{ ent.Schema }

func (EnumRenameField) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("temper").Values("sad", "glad").Annotations(plinth.NativeEnum(), plinth.RenamedFrom("mood")),
	}
}
