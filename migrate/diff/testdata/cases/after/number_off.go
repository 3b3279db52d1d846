// A key loses its identity; the down goes on above the numbers that rows have.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_offs

type NumberOff struct{ ent.Schema }

func (NumberOff) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Annotations(entsql.Annotation{Incremental: new(bool)}),
		field.String("name"),
	}
}
