// A column goes from which a generated column was computed, which is now computed from another.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO generated_sources (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT height FROM generated_sources

type GeneratedSource struct{ ent.Schema }

func (GeneratedSource) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
