// Bytes become text, of which nobody knows the encoding.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM type_bytes_texts

type TypeBytesText struct{ ent.Schema }

func (TypeBytesText) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v"),
	}
}
