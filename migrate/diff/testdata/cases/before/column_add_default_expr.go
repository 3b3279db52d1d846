// A required column with an expression as its default is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO column_add_default_exprs (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM column_add_default_exprs

type ColumnAddDefaultExpr struct{ ent.Schema }

func (ColumnAddDefaultExpr) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
