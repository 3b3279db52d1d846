// A table gets a comment.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type TableCommentAdd struct{ ent.Schema }

func (TableCommentAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
