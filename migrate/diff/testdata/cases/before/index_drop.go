// An index goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_drops (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_drops

type IndexDrop struct{ ent.Schema }

func (IndexDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexDrop) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail"),
	}
}
