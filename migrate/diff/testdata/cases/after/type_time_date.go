// A point in time becomes a day, which loses the hour.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM type_time_dates
// gives: SELECT v FROM type_time_dates
// gets: (2026-01-02)

type TypeTimeDate struct{ ent.Schema }

func (TypeTimeDate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Time("v").SchemaType(map[string]string{dialect.Postgres: "date"}),
	}
}
