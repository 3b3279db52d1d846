// An index becomes partial.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_partials

type IndexPartial struct{ ent.Schema }

func (IndexPartial) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexPartial) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(entsql.IndexWhere("name <> ''")),
	}
}
