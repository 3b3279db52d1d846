// An identity becomes a serial column.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_identity_serials (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_identity_serials

type NumberIdentitySerial struct{ ent.Schema }

func (NumberIdentitySerial) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id"),
		field.String("name"),
	}
}
