// The key of a table gets a default in the database.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"github.com/google/uuid"
)

// keeps: SELECT * FROM key_uuid_defaults

type KeyUuidDefault struct{ ent.Schema }

func (KeyUuidDefault) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).Annotations(entsql.DefaultExpr("gen_random_uuid()")),
		field.String("name"),
	}
}
