// A key gets an identity, which goes on above the numbers that rows have.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_ons (id, name) VALUES (1, 'a'), (7, 'b')
// keeps: SELECT id, name FROM number_ons

type NumberOn struct{ ent.Schema }

func (NumberOn) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").Annotations(entsql.Annotation{Incremental: new(bool)}),
		field.String("name"),
	}
}
