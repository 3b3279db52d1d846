// A field becomes unique.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO unique_adds (name) VALUES ('a'), ('b')
// keeps: SELECT * FROM unique_adds

type UniqueAdd struct{ ent.Schema }

func (UniqueAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
