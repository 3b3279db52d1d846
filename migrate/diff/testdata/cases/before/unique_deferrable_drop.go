// A field that is unique at the end of a transaction is unique no more.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO unique_deferrable_drops (place) VALUES (1), (2)
// keeps: SELECT * FROM unique_deferrable_drops

type UniqueDeferrableDrop struct{ ent.Schema }

func (UniqueDeferrableDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place").Unique().Annotations(plinth.Deferrable(true)),
	}
}
