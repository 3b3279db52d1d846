// The condition of an index changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_partial_changes

type IndexPartialChange struct{ ent.Schema }

func (IndexPartialChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexPartialChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(entsql.IndexWhere("name <> 'x'")),
	}
}
