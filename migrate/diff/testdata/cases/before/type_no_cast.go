// A type changes between which PostgreSQL has no cast.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_no_casts (v) VALUES (0), (2)

type TypeNoCast struct{ ent.Schema }

func (TypeNoCast) Fields() []ent.Field {
	return []ent.Field{
		field.Int("v"),
	}
}
