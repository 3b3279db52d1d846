// A key gets an identity, which goes on above the numbers that rows have.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_ons
// gives: SELECT nextval(pg_get_serial_sequence('number_ons', 'id'))
// gets: (8)

type NumberOn struct{ ent.Schema }

func (NumberOn) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id"),
		field.String("name"),
	}
}
