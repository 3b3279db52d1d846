// The key of a table gets a default in the database.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// rows: INSERT INTO key_uuid_defaults (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'a')
// keeps: SELECT * FROM key_uuid_defaults

type KeyUuidDefault struct{ ent.Schema }

func (KeyUuidDefault) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}),
		field.String("name"),
	}
}
