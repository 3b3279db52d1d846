// A column gets a comment.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type ColumnCommentAdd struct{ ent.Schema }

func (ColumnCommentAdd) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
	}
}

func (ColumnCommentAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
