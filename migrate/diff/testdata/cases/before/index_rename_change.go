// An index gets another name and another column.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO index_rename_changes (name, mail) VALUES ('a', 'A@x'), ('b', 'B@x')
// keeps: SELECT id, name, mail FROM index_rename_changes

type IndexRenameChange struct{ ent.Schema }

func (IndexRenameChange) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexRenameChange) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("old"),
	}
}
