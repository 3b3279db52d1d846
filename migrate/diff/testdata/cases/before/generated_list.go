// A column is computed by an expression that PostgreSQL prints in another way when it reads its own text.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO generated_lists (kind) VALUES ('a'), ('z')
// keeps: SELECT kind FROM generated_lists

type GeneratedList struct{ ent.Schema }

func (GeneratedList) Fields() []ent.Field {
	return []ent.Field{
		field.String("kind"),
	}
}
