// A field that is unique at the end of a transaction is unique no more.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM unique_deferrable_drops

type UniqueDeferrableDrop struct{ ent.Schema }

func (UniqueDeferrableDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place"),
	}
}
