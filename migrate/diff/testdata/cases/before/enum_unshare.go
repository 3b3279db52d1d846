// One type becomes two.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_unshares (mood) VALUES ('sad')
// rows: INSERT INTO enum_unshare_others (mood) VALUES ('glad')
// keeps: SELECT mood::text FROM enum_unshares
// keeps: SELECT mood::text FROM enum_unshare_others

type EnumUnshare struct{ ent.Schema }

func (EnumUnshare) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_unshare_type")),
	}
}

type EnumUnshareOther struct{ ent.Schema }

func (EnumUnshareOther) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_unshare_type")),
	}
}
