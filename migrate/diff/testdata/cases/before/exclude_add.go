// Rows may not overlap any more: an exclusion constraint is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO exclude_adds (low, high) VALUES (1, 2), (2, 3)
// keeps: SELECT * FROM exclude_adds

type ExcludeAdd struct{ ent.Schema }

func (ExcludeAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("low"),
		field.Int("high"),
	}
}
