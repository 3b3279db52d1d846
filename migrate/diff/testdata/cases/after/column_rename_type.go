// A field is renamed and changes its type.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, bytes FROM column_rename_types

type ColumnRenameType struct{ ent.Schema }

func (ColumnRenameType) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int64("bytes").Annotations(plinth.RenamedFrom("size")),
	}
}
