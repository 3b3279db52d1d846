// A generated column keeps its values and gets others from now on.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT area FROM generated_offs

type GeneratedOff struct{ ent.Schema }

func (GeneratedOff) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional(),
	}
}
