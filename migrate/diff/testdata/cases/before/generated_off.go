// A generated column keeps its values and gets others from now on.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO generated_offs (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT area FROM generated_offs

type GeneratedOff struct{ ent.Schema }

func (GeneratedOff) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
