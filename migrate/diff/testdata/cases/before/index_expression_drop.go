// An index on an expression goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO index_expression_drops (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_expression_drops

type IndexExpressionDrop struct{ ent.Schema }

func (IndexExpressionDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexExpressionDrop) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(plinth.IndexExpr("lower(mail)")),
	}
}
