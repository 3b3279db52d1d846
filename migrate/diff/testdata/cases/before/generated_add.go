// A column that PostgreSQL computes is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO generated_adds (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT height, width FROM generated_adds

type GeneratedAdd struct{ ent.Schema }

func (GeneratedAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
	}
}
