// An index gets another direction.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_orders

type IndexOrder struct{ ent.Schema }

func (IndexOrder) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexOrder) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Annotations(entsql.Desc()),
	}
}
