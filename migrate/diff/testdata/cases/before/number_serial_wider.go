// A serial column becomes a larger one.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_serial_widers (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_serial_widers

type NumberSerialWider struct{ ent.Schema }

func (NumberSerialWider) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "serial"}),
		field.String("name"),
	}
}
