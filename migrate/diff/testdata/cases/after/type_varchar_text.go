// A varchar becomes text.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_varchar_texts

type TypeVarcharText struct{ ent.Schema }

func (TypeVarcharText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Text("v"),
	}
}
