// An index is added.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT id, name, mail FROM index_adds

type IndexAdd struct{ ent.Schema }

func (IndexAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexAdd) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail", "name"),
	}
}
