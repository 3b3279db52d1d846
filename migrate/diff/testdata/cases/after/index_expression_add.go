// An index on an expression is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, mail FROM index_expression_adds

type IndexExpressionAdd struct{ ent.Schema }

func (IndexExpressionAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexExpressionAdd) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(plinth.IndexExpr("lower(mail)")),
	}
}
