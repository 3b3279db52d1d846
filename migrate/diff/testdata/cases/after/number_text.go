// A number as the key becomes text.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id::text, name FROM number_texts

type NumberText struct{ ent.Schema }

func (NumberText) Fields() []ent.Field {
	return []ent.Field{
		field.String("id"),
		field.String("name"),
	}
}
