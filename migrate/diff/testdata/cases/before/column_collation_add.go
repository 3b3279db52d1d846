// A column gets a collation.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_collation_adds (name, code) VALUES ('a', 'Z')
// keeps: SELECT name, code FROM column_collation_adds

type ColumnCollationAdd struct{ ent.Schema }

func (ColumnCollationAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code"),
	}
}
