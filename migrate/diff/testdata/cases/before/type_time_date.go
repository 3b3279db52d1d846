// A point in time becomes a day, which loses the hour.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_time_dates (name, v) VALUES ('a', '2026-01-02 03:04')
// keeps: SELECT id, name FROM type_time_dates

type TypeTimeDate struct{ ent.Schema }

func (TypeTimeDate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Time("v").SchemaType(map[string]string{dialect.Postgres: "timestamp"}),
	}
}
