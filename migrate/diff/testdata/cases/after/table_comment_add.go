// A table gets a comment.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type TableCommentAdd struct{ ent.Schema }

func (TableCommentAdd) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
		schema.Comment("Who signs in."),
	}
}

func (TableCommentAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
