// The comment of a column changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type ColumnCommentChange struct{ ent.Schema }

func (ColumnCommentChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
	}
}

func (ColumnCommentChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Comment("The bearer's own."),
	}
}
