// A deferrable unique index is one no more.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO unique_immediates (place, "row") VALUES (1, 1), (1, 2)
// keeps: SELECT * FROM unique_immediates

type UniqueImmediate struct{ ent.Schema }

func (UniqueImmediate) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place"),
		field.Int("row"),
	}
}

func (UniqueImmediate) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("place", "row").Unique().Annotations(plinth.Deferrable(false)),
	}
}
