// An index gets another name.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, mail FROM index_renames

type IndexRename struct{ ent.Schema }

func (IndexRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("mail"),
	}
}

func (IndexRename) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mail").StorageKey("new").Annotations(plinth.RenamedFrom("old")),
	}
}
