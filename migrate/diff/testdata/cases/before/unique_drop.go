// A field is unique no more.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO unique_drops (name) VALUES ('a'), ('b')
// keeps: SELECT * FROM unique_drops

type UniqueDrop struct{ ent.Schema }

func (UniqueDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
	}
}
