// JSON becomes text.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_json_texts

type TypeJsonText struct{ ent.Schema }

func (TypeJsonText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Text("v"),
	}
}
