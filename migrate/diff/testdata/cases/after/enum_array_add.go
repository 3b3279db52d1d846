// A column of an array of an enum type is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, mood::text FROM enum_array_adds

type EnumArrayAdd struct{ ent.Schema }

func (EnumArrayAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_array_add_type")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_add_type[]"}).Optional(),
	}
}
