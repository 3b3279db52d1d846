// A column changes its type below a generated column.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO generated_types (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT height::bigint, area FROM generated_types

type GeneratedType struct{ ent.Schema }

func (GeneratedType) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
