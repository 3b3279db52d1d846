// An index becomes unique.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_unique_ons (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_unique_ons

type IndexUniqueOn struct{ ent.Schema }

func (IndexUniqueOn) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexUniqueOn) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail"),
	}
}
