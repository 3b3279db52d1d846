// A number as the key becomes text.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_texts (name) VALUES ('a'), ('b')
// keeps: SELECT id::text, name FROM number_texts

type NumberText struct{ ent.Schema }

func (NumberText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
