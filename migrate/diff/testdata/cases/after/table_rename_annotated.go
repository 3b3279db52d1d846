// The table of an entity gets another name by entsql.Table.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name FROM people

type TableRenameAnnotated struct{ ent.Schema }

func (TableRenameAnnotated) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Table("people"),
		plinth.RenamedFrom("table_rename_annotateds"),
	}
}

func (TableRenameAnnotated) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
