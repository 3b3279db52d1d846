// The columns of an index change.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_columns

type IndexColumns struct{ ent.Schema }

func (IndexColumns) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexColumns) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name", "mail").StorageKey("by_mail"),
	}
}
