// A varchar enum becomes a native one.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO enum_natives (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_natives

type EnumNative struct{ ent.Schema }

func (EnumNative) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Default("sad"),
	}
}
