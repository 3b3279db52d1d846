// A column with a default changes its type as plinth.Using says.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_using_defaults (v) VALUES (0), (2)

type TypeUsingDefault struct{ ent.Schema }

func (TypeUsingDefault) Fields() []ent.Field {
	return []ent.Field{
		field.Int("v").Default(1),
	}
}
