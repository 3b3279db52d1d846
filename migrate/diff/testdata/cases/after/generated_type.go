// A column changes its type below a generated column.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT height::bigint, area FROM generated_types

type GeneratedType struct{ ent.Schema }

func (GeneratedType) Fields() []ent.Field {
	return []ent.Field{
		field.Int32("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}
