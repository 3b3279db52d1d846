// A unique index is one no more.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_unique_offs (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_unique_offs

type IndexUniqueOff struct{ ent.Schema }

func (IndexUniqueOff) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexUniqueOff) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail").Unique(),
	}
}
