// A type of two tables gets a value.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text FROM enum_shared_adds
// keeps: SELECT mood::text FROM enum_shared_add_others

type EnumSharedAdd struct{ ent.Schema }

func (EnumSharedAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("enum_shared_add_type")),
	}
}

type EnumSharedAddOther struct{ ent.Schema }

func (EnumSharedAddOther) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum("enum_shared_add_type")),
	}
}
