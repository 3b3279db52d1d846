// Numbers start lower, and none comes twice.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_start_backs
// gives: SELECT nextval(pg_get_serial_sequence('number_start_backs', 'id'))
// gets: (1002)

type NumberStartBack struct{ ent.Schema }

func (NumberStartBack) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
