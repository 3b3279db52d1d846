// One type becomes two.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text FROM enum_unshares
// keeps: SELECT mood::text FROM enum_unshare_others

type EnumUnshare struct{ ent.Schema }

func (EnumUnshare) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}

type EnumUnshareOther struct{ ent.Schema }

func (EnumUnshareOther) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum()),
	}
}
