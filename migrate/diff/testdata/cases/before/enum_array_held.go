// A type loses a value that arrays hold: the up fails with the count of rows.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
	"github.com/lib/pq"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_array_helds (mood, moods) VALUES ('sad', '{calm,sad,calm}')
// keeps: SELECT mood::text FROM enum_array_helds

type EnumArrayHeld struct{ ent.Schema }

func (EnumArrayHeld) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("enum_array_held_type")),
		field.Other("moods", &pq.StringArray{}).SchemaType(map[string]string{dialect.Postgres: "enum_array_held_type[]"}),
	}
}
