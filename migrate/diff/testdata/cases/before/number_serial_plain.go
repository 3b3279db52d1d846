// A serial column becomes a plain one with numbers from elsewhere.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_serial_plains (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_serial_plains

type NumberSerialPlain struct{ ent.Schema }

func (NumberSerialPlain) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "bigserial"}),
		field.String("name"),
	}
}
