// Numbers start higher.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_starts (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_starts

type NumberStart struct{ ent.Schema }

func (NumberStart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
