// The table of an entity gets another name by entsql.Table.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO table_rename_annotateds (name) VALUES ('a')
// keeps: SELECT name FROM table_rename_annotateds

type TableRenameAnnotated struct{ ent.Schema }

func (TableRenameAnnotated) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
