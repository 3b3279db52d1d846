// Rows may not overlap any more: an exclusion constraint is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM exclude_adds

type ExcludeAdd struct{ ent.Schema }

func (ExcludeAdd) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.Exclude("apart", "USING gist (int8range(low, high) WITH &&)"),
	}
}

func (ExcludeAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("low"),
		field.Int("high"),
	}
}
