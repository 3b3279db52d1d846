// A serial column becomes a larger one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_serial_widers
// gives: SELECT nextval(pg_get_serial_sequence('number_serial_widers', 'id'))
// gets: (3)

type NumberSerialWider struct{ ent.Schema }

func (NumberSerialWider) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "bigserial"}),
		field.String("name"),
	}
}
