// Numbers start higher.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_starts
// gives: SELECT nextval(pg_get_serial_sequence('number_starts', 'id'))
// gets: (1000)

type NumberStart struct{ ent.Schema }

func (NumberStart) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.IncrementStart(1000),
	}
}

func (NumberStart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
