// A generated column goes; nothing is lost by that.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT height, width FROM generated_drops

type GeneratedDrop struct{ ent.Schema }

func (GeneratedDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
	}
}
