// The expression of a unique index changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, mail FROM index_expression_changes

type IndexExpressionChange struct{ ent.Schema }

func (IndexExpressionChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexExpressionChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Unique().Annotations(plinth.IndexExpr("lower(mail)", "name")),
	}
}
