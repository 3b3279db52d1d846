// A type loses a value that arrays hold, which get another.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id FROM enum_array_mappeds
// gives: SELECT mood, moods FROM enum_array_mappeds
// gets: (glad,"{glad,sad}")

type EnumArrayMapped struct{ ent.Schema }

func (EnumArrayMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_array_mapped_type"), plinth.RemovedValue("calm", "glad")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_mapped_type[]"}),
	}
}
