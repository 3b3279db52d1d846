// A check goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM check_drops

type CheckDrop struct{ ent.Schema }

func (CheckDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
