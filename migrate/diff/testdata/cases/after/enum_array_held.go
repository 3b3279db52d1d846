// A type loses a value that arrays hold: the up fails with the count of rows.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text FROM enum_array_helds
// fails: column enum_array_helds.moods holds values that enum type enum_array_held_type will not have: 'calm' (rows: 1)
// mend: UPDATE enum_array_helds SET moods = '{sad}'

type EnumArrayHeld struct{ ent.Schema }

func (EnumArrayHeld) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_array_held_type")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_held_type[]"}),
	}
}
