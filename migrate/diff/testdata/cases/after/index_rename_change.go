// An index gets another name and another column.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

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
		index.Fields("mail", "name").StorageKey("new").Annotations(plinth.RenamedFrom("old")),
	}
}
