// Such a type changes as plinth.Using says, and back.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_usings (v) VALUES (0), (2)

type TypeUsing struct{ ent.Schema }

func (TypeUsing) Fields() []ent.Field {
	return []ent.Field{
		field.Int("v"),
	}
}
