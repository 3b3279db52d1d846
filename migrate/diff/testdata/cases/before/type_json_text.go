// JSON becomes text.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_json_texts (name, v) VALUES ('a', '{"a": 1}')
// keeps: SELECT name, v::text FROM type_json_texts

type TypeJsonText struct{ ent.Schema }

func (TypeJsonText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.JSON("v", map[string]any{}),
	}
}
