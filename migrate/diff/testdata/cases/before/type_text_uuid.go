// Text becomes a UUID.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_text_uuids (name, v) VALUES ('a', '00000000-0000-0000-0000-000000000001')
// keeps: SELECT name, v::text FROM type_text_uuids

type TypeTextUuid struct{ ent.Schema }

func (TypeTextUuid) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v"),
	}
}
