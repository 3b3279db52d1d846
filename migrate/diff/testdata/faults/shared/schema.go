// Package shared has two fields that mean different things by one type.
package shared

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("state").Values("a", "b").Annotations(plinth.NativeEnum("letters")),
		field.Enum("other").Values("b", "a").Annotations(plinth.NativeEnum("letters")),
	}
}
