// A unique index takes NULLs for equal.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, mail FROM index_nulls_not_distincts

type IndexNullsNotDistinct struct{ ent.Schema }

func (IndexNullsNotDistinct) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexNullsNotDistinct) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Unique().Annotations(plinth.NullsNotDistinct()),
	}
}
