// The comment of a column goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type ColumnCommentDrop struct{ ent.Schema }

func (ColumnCommentDrop) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
	}
}

func (ColumnCommentDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
