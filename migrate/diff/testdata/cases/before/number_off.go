// A key loses its identity; the down goes on above the numbers that rows have.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_offs (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_offs

type NumberOff struct{ ent.Schema }

func (NumberOff) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id"),
		field.String("name"),
	}
}
