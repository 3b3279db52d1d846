// Such a type changes and nobody says how back.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

type TypeUsingOneWay struct{ ent.Schema }

func (TypeUsingOneWay) Fields() []ent.Field {
	return []ent.Field{
		field.Bool("v").Annotations(plinth.Using("v <> 0")),
	}
}
