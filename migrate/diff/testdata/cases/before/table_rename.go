// An entity is renamed, which keeps its rows and renames its sequence, keys and indexes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO table_rename_olds (name, code) VALUES ('a', 'x')
// keeps: SELECT id, name, code FROM table_rename_olds

type TableRenameOld struct{ ent.Schema }

func (TableRenameOld) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Unique(),
	}
}

func (TableRenameOld) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name"),
	}
}
