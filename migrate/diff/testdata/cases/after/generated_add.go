// A column that PostgreSQL computes is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT height, width FROM generated_adds
// gives: SELECT area FROM generated_adds
// gets: (20)
// gets: (6)

type GeneratedAdd struct{ ent.Schema }

func (GeneratedAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
