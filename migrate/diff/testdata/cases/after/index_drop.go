// An index goes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name, mail FROM index_drops

type IndexDrop struct{ ent.Schema }

func (IndexDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}
