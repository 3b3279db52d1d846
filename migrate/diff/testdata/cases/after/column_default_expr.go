// A constant default becomes an expression.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, at FROM column_default_exprs

type ColumnDefaultExpr struct{ ent.Schema }

func (ColumnDefaultExpr) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Time("at").Annotations(entsql.DefaultExpr("now()")),
	}
}
