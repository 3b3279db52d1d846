// An entity is renamed and gains and loses fields at the same time.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name FROM table_rename_change_news
// gives: SELECT name, active FROM table_rename_change_news
// gets: (a,t)

type TableRenameChangeNew struct{ ent.Schema }

func (TableRenameChangeNew) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.RenamedFrom("TableRenameChangeOld"),
	}
}

func (TableRenameChangeNew) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Bool("active").Default(true),
	}
}
