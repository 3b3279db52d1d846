// Bytes become text in the encoding that plinth.Using names.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_using_bytes (v) VALUES ('abc')

type TypeUsingBytes struct{ ent.Schema }

func (TypeUsingBytes) Fields() []ent.Field {
	return []ent.Field{
		field.Bytes("v"),
	}
}
