// A field is unique no more.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM unique_drops

type UniqueDrop struct{ ent.Schema }

func (UniqueDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
