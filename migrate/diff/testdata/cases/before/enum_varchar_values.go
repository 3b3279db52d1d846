// The values of a varchar enum change, which the database does not know.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO enum_varchar_values (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_varchar_values

type EnumVarcharValues struct{ ent.Schema }

func (EnumVarcharValues) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad"),
	}
}
