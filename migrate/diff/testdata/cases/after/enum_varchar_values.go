// The values of a varchar enum change, which the database does not know.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, mood::text FROM enum_varchar_values

type EnumVarcharValues struct{ ent.Schema }

func (EnumVarcharValues) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm"),
	}
}
