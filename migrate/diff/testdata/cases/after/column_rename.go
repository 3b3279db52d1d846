// A field is renamed; its index is renamed with it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, handle FROM column_renames

type ColumnRename struct{ ent.Schema }

func (ColumnRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("handle").Unique().Annotations(plinth.RenamedFrom("nick")),
	}
}
