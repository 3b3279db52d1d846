// The uniqueness of a field is checked at the end of a transaction.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM unique_deferrables

type UniqueDeferrable struct{ ent.Schema }

func (UniqueDeferrable) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place").Unique().Annotations(plinth.Deferrable(true)),
	}
}
