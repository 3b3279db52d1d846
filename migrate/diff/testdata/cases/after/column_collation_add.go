// A column gets a collation.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, code FROM column_collation_adds

type ColumnCollationAdd struct{ ent.Schema }

func (ColumnCollationAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Annotations(entsql.Annotation{Collation: "C"}),
	}
}
