// A constant default becomes an expression.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_default_exprs (name) VALUES ('a')
// keeps: SELECT name, at FROM column_default_exprs

type ColumnDefaultExpr struct{ ent.Schema }

func (ColumnDefaultExpr) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Time("at").Annotations(entsql.DefaultExpr("date '2026-01-01'")),
	}
}
