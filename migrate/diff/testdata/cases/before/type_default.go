// A type and its default change together.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_defaults (name, v) VALUES ('a', '12')
// keeps: SELECT name, v::text FROM type_defaults

type TypeDefault struct{ ent.Schema }

func (TypeDefault) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v").Default("1"),
	}
}
