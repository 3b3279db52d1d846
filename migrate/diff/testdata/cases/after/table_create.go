// A table is created.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

type TableCreate struct{ ent.Schema }

func (TableCreate) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.Int("age").Optional(),
	}
}
