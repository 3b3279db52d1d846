// An index on an expression goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name, mail FROM index_expression_drops

type IndexExpressionDrop struct{ ent.Schema }

func (IndexExpressionDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}
