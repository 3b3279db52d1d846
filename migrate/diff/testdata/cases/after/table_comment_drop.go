// The comment of a table goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type TableCommentDrop struct{ ent.Schema }

func (TableCommentDrop) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.WithComments(true),
	}
}

func (TableCommentDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
