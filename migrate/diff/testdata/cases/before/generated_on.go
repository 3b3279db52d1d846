// A column with values of its own is computed from now on, which loses them.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO generated_ons (height, width, area) VALUES (2, 3, 7)
// keeps: SELECT height, width FROM generated_ons

type GeneratedOn struct{ ent.Schema }

func (GeneratedOn) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional(),
	}
}
