// Such a type changes as plinth.Using says, and back.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// gives: SELECT v FROM type_usings
// gets: (f)
// gets: (t)

type TypeUsing struct{ ent.Schema }

func (TypeUsing) Fields() []ent.Field {
	return []ent.Field{
		field.Bool("v").Annotations(plinth.Using("v <> 0", "v::integer")),
	}
}
