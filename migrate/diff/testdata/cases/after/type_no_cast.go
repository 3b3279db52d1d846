// A type changes between which PostgreSQL has no cast.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type TypeNoCast struct{ ent.Schema }

func (TypeNoCast) Fields() []ent.Field {
	return []ent.Field{
		field.Bool("v"),
	}
}
