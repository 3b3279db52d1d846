// Package renames says what cannot be meant.
package renames

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

type Item struct{ ent.Schema }

func (Item) Annotations() []schema.Annotation {
	return []schema.Annotation{plinth.RenamedFrom("Item")}
}

func (Item) Fields() []ent.Field {
	return []ent.Field{
		field.String("same").Annotations(plinth.RenamedFrom("same")),
		field.Enum("text").Values("a").Annotations(plinth.RenamedValue("b", "a")),
		field.Enum("both").Values("a", "b").Annotations(plinth.NativeEnum(), plinth.RenamedValue("b", "a")),
	}
}
