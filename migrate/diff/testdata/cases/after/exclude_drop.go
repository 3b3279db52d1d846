// An exclusion constraint goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM exclude_drops

type ExcludeDrop struct{ ent.Schema }

func (ExcludeDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("low"),
		field.Int("high"),
	}
}
