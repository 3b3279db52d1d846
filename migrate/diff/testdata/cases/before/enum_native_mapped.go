// A varchar enum becomes a native one without one of its values.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO enum_native_mappeds (mood) VALUES ('sad'), ('elated')
// keeps: SELECT id FROM enum_native_mappeds

type EnumNativeMapped struct{ ent.Schema }

func (EnumNativeMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "elated"),
	}
}
