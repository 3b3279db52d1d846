// An exclusion constraint goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO exclude_drops (low, high) VALUES (1, 2), (3, 4)
// keeps: SELECT * FROM exclude_drops

type ExcludeDrop struct{ ent.Schema }

func (ExcludeDrop) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.Exclude("apart", "USING gist (int8range(low, high) WITH &&)"),
	}
}

func (ExcludeDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("low"),
		field.Int("high"),
	}
}
