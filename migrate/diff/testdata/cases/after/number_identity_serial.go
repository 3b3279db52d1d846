// An identity becomes a serial column.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_identity_serials
// gives: SELECT nextval(pg_get_serial_sequence('number_identity_serials', 'id'))
// gets: (3)

type NumberIdentitySerial struct{ ent.Schema }

func (NumberIdentitySerial) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "bigserial"}),
		field.String("name"),
	}
}
