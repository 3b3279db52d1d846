// A deferrable unique index is one no more.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

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
		index.Fields("place", "row").Unique(),
	}
}
