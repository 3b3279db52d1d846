// A column is computed by an expression that PostgreSQL prints in another way when it reads its own text.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT kind FROM generated_lists
// gives: SELECT small FROM generated_lists
// gets: (f)
// gets: (t)

type GeneratedList struct{ ent.Schema }

func (GeneratedList) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind"),
		field.Bool("small").Optional().Annotations(plinth.Generated("kind IN ('a', 'b')")),
	}
}
