// The expression of a generated column changes; an index on it is built anew.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO generated_changes (height, width) VALUES (2, 3), (4, 5)
// keeps: SELECT height, width FROM generated_changes

type GeneratedChange struct{ ent.Schema }

func (GeneratedChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height * width")),
	}
}

func (GeneratedChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("area"),
	}
}
