// An exclusion constraint changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM exclude_changes

type ExcludeChange struct{ ent.Schema }

func (ExcludeChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.Exclude("apart", "USING gist (int8range(low, high, '[]') WITH &&)"),
	}
}

func (ExcludeChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int("low"),
		field.Int("high"),
	}
}
