// Text becomes a UUID.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// keeps: SELECT name, v::text FROM type_text_uuids

type TypeTextUuid struct{ ent.Schema }

func (TypeTextUuid) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.UUID("v", uuid.UUID{}),
	}
}
