// A column with values of its own is computed from now on, which loses them.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT height, width FROM generated_ons
// gives: SELECT area FROM generated_ons
// gets: (6)

type GeneratedOn struct{ ent.Schema }

func (GeneratedOn) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
