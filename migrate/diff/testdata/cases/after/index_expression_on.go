// An index on a column becomes one on an expression.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, mail FROM index_expression_ons

type IndexExpressionOn struct{ ent.Schema }

func (IndexExpressionOn) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexExpressionOn) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(plinth.IndexExpr("lower(mail)")),
	}
}
