// A native enum becomes a varchar one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, mood::text FROM enum_varchars

type EnumVarchar struct{ ent.Schema }

func (EnumVarchar) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad"),
	}
}
