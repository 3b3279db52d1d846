// An index gets an operator class.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_opclasses

type IndexOpclass struct{ ent.Schema }

func (IndexOpclass) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexOpclass) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(entsql.OpClass("text_pattern_ops")),
	}
}
