// A column goes back to the collation of the database.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_collation_drops (name, code) VALUES ('a', 'Z')
// keeps: SELECT name, code FROM column_collation_drops

type ColumnCollationDrop struct{ ent.Schema }

func (ColumnCollationDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Annotations(entsql.Annotation{Collation: "C"}),
	}
}
