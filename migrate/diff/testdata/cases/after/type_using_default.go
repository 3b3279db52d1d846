// A column with a default changes its type as plinth.Using says.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// gives: SELECT v FROM type_using_defaults
// gets: (f)
// gets: (t)

type TypeUsingDefault struct{ ent.Schema }

func (TypeUsingDefault) Fields() []ent.Field {
	return []ent.Field{
		field.Bool("v").Default(true).Annotations(plinth.Using("v <> 0", "v::integer")),
	}
}
