// A field becomes unique, checked at the end of a statement.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO unique_deferrable_adds (place) VALUES (1), (2)
// keeps: SELECT * FROM unique_deferrable_adds

type UniqueDeferrableAdd struct{ ent.Schema }

func (UniqueDeferrableAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place"),
	}
}
