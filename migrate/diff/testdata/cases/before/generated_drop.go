// A generated column goes; nothing is lost by that.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO generated_drops (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT height, width FROM generated_drops

type GeneratedDrop struct{ ent.Schema }

func (GeneratedDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
