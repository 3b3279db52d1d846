// A serial column becomes an identity.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_serial_identities
// gives: SELECT nextval(pg_get_serial_sequence('number_serial_identities', 'id'))
// gets: (3)

type NumberSerialIdentity struct{ ent.Schema }

func (NumberSerialIdentity) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id"),
		field.String("name"),
	}
}
