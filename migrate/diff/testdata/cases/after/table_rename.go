// An entity is renamed, which keeps its rows and renames its sequence, keys and indexes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, name, code FROM table_rename_news

type TableRenameNew struct{ ent.Schema }

func (TableRenameNew) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.RenamedFrom("TableRenameOld"),
	}
}

func (TableRenameNew) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("code").Unique(),
	}
}

func (TableRenameNew) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("name"),
	}
}
