// A deferrable unique index gets other fields, and is checked at the end of a transaction.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM unique_deferrable_changes

type UniqueDeferrableChange struct{ ent.Schema }

func (UniqueDeferrableChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place"),
		field.Int("row"),
		field.Int("level"),
	}
}

func (UniqueDeferrableChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("place", "row", "level").Unique().StorageKey("seat").Annotations(plinth.Deferrable(true)),
	}
}
