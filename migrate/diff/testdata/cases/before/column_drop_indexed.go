// A column is dropped that an index and a unique index stand on.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_drop_indexeds (name, code) VALUES ('a', 'x')
// keeps: SELECT id, name FROM column_drop_indexeds

type ColumnDropIndexed struct{ ent.Schema }

func (ColumnDropIndexed) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Unique(),
	}
}
