// A required column with an expression as its default is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM column_add_default_exprs
// gives: SELECT count(token) FROM column_add_default_exprs
// gets: (2)

type ColumnAddDefaultExpr struct{ ent.Schema }

func (ColumnAddDefaultExpr) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("token").Annotations(entsql.DefaultExpr("md5(random()::text)")),
	}
}
