// Bytes become text, of which nobody knows the encoding.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_bytes_texts (name, v) VALUES ('a', 'abc')
// keeps: SELECT id, name FROM type_bytes_texts

type TypeBytesText struct{ ent.Schema }

func (TypeBytesText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Bytes("v"),
	}
}
