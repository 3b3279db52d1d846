// Package sql is sound; what is wrong is in its folder sql.
package sql

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type Item struct{ ent.Schema }

func (Item) Fields() []ent.Field { return []ent.Field{field.String("name")} }
