// An entity is renamed and gains and loses fields at the same time.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO table_rename_change_olds (name, age) VALUES ('a', 3)
// keeps: SELECT name FROM table_rename_change_olds

type TableRenameChangeOld struct{ ent.Schema }

func (TableRenameChangeOld) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age"),
	}
}
