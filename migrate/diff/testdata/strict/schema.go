// Package strict asks for more than testdata/indexes/before, and gives rows that exist nothing to fill in.
package strict

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type Item struct{ ent.Schema }

func (Item) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind"), field.Int("price"), field.String("name"), field.String("slug"),
		field.String("colour").StorageKey("color"),
	}
}
