// A field becomes unique, checked at the end of a statement.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM unique_deferrable_adds

type UniqueDeferrableAdd struct{ ent.Schema }

func (UniqueDeferrableAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place").Unique().Annotations(plinth.Deferrable(false)),
	}
}
