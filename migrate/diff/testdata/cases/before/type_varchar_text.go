// A varchar becomes text.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_varchar_texts (name, v) VALUES ('a', 'abc')
// keeps: SELECT name, v::text FROM type_varchar_texts

type TypeVarcharText struct{ ent.Schema }

func (TypeVarcharText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v"),
	}
}
