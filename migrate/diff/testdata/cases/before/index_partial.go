// An index becomes partial.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_partials (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_partials

type IndexPartial struct{ ent.Schema }

func (IndexPartial) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexPartial) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail"),
	}
}
