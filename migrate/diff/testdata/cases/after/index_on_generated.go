// A unique index is put on a generated column whose expression changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT height, width FROM index_on_generateds

type IndexOnGenerated struct{ ent.Schema }

func (IndexOnGenerated) Fields() []ent.Field {
	return []ent.Field{
		field.Int("height"),
		field.Int("width"),
		field.Int("area").Optional().Annotations(plinth.Generated("height + 10 * width")),
	}
}

func (IndexOnGenerated) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("area", "height").Unique(),
	}
}
