// A serial column becomes a plain one with numbers from elsewhere.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id, name FROM number_serial_plains

type NumberSerialPlain struct{ ent.Schema }

func (NumberSerialPlain) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Annotations(entsql.Annotation{Incremental: new(bool)}),
		field.String("name"),
	}
}
