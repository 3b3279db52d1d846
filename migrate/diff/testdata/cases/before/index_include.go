// An index gets another column to carry.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_includes (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_includes

type IndexInclude struct{ ent.Schema }

func (IndexInclude) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexInclude) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("by_mail"),
	}
}
