// The comment of a table changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type TableCommentChange struct{ ent.Schema }

func (TableCommentChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
		schema.Comment("Who signs in, and who once did."),
	}
}

func (TableCommentChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
