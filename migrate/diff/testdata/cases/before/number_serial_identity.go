// A serial column becomes an identity.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_serial_identities (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_serial_identities

type NumberSerialIdentity struct{ ent.Schema }

func (NumberSerialIdentity) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "bigserial"}),
		field.String("name"),
	}
}
