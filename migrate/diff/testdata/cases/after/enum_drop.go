// The field goes, and its type with it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM enum_drops

type EnumDrop struct{ ent.Schema }

func (EnumDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
