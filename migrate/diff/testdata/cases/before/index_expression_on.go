// An index on a column becomes one on an expression.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_expression_ons (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
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
		index.Fields("mail").StorageKey("by_mail"),
	}
}
