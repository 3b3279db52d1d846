// Package example is one entity.
package example

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Enum("role").Values("reader", "writer").Default("reader").Annotations(plinth.NativeEnum()),
	}
}
