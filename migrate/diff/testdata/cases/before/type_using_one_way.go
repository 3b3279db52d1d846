// Such a type changes and nobody says how back.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type TypeUsingOneWay struct{ ent.Schema }

func (TypeUsingOneWay) Fields() []ent.Field {
	return []ent.Field{
		field.Int("v"),
	}
}
