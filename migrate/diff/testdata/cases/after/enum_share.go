// Two types become one.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text FROM enum_shares
// keeps: SELECT mood::text FROM enum_share_others

type EnumShare struct{ ent.Schema }

func (EnumShare) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_share_type")),
	}
}

type EnumShareOther struct{ ent.Schema }

func (EnumShareOther) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_share_type")),
	}
}
