// A field of a native enum type is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO enum_creates (name) VALUES ('a')
// keeps: SELECT id, name FROM enum_creates

type EnumCreate struct{ ent.Schema }

func (EnumCreate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
