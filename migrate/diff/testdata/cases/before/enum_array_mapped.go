// A type loses a value that arrays hold, which get another.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_array_mappeds (mood, moods) VALUES ('calm', '{calm,sad}')
// keeps: SELECT id FROM enum_array_mappeds

type EnumArrayMapped struct{ ent.Schema }

func (EnumArrayMapped) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("enum_array_mapped_type")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_mapped_type[]"}),
	}
}
