// A field becomes unique.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM unique_adds

type UniqueAdd struct{ ent.Schema }

func (UniqueAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name").Unique(),
	}
}
