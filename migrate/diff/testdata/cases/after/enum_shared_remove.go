// A type of two tables loses a value.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT mood::text FROM enum_shared_removes
// keeps: SELECT mood::text FROM enum_shared_remove_others

type EnumSharedRemove struct{ ent.Schema }

func (EnumSharedRemove) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_shared_remove_type")),
	}
}

type EnumSharedRemoveOther struct{ ent.Schema }

func (EnumSharedRemoveOther) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad").Annotations(plinth.NativeEnum("enum_shared_remove_type")),
	}
}
