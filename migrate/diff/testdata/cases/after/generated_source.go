// A column goes from which a generated column was computed, which is now computed from another.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT height FROM generated_sources
// gives: SELECT area FROM generated_sources
// gets: (4)
// gets: (8)

type GeneratedSource struct{ ent.Schema }

func (GeneratedSource) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * 2")),
	}
}
