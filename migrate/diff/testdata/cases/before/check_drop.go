// A check goes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO check_drops (age) VALUES (30)
// keeps: SELECT * FROM check_drops

type CheckDrop struct{ ent.Schema }

func (CheckDrop) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 21"}),
	}
}

func (CheckDrop) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
