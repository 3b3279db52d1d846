// A check changes.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO check_changes (age) VALUES (30)
// keeps: SELECT * FROM check_changes

type CheckChange struct{ ent.Schema }

func (CheckChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 21"}),
	}
}

func (CheckChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
