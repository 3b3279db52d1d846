// A varchar enum with a value that nobody knows becomes a native one.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO enum_native_foreigns (mood) VALUES ('sad'), ('elated')
// keeps: SELECT id FROM enum_native_foreigns

type EnumNativeForeign struct{ ent.Schema }

func (EnumNativeForeign) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad"),
	}
}
