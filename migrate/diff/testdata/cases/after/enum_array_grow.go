// A type gets a value, and columns hold arrays of it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text, moods::text FROM enum_array_grows

type EnumArrayGrow struct{ ent.Schema }

func (EnumArrayGrow) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("enum_array_grow_type")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_grow_type[]"}),
	}
}
