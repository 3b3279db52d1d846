// The uniqueness of a field is checked at the end of a transaction.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO unique_deferrables (place) VALUES (1), (2)
// keeps: SELECT * FROM unique_deferrables

type UniqueDeferrable struct{ ent.Schema }

func (UniqueDeferrable) Fields() []ent.Field {
	return []ent.Field{
		field.Int("place").Unique(),
	}
}
