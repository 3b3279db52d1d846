// An index gets another method.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_types (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_types

type IndexType struct{ ent.Schema }

func (IndexType) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexType) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail"),
	}
}
