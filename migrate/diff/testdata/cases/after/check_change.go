// A check changes.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM check_changes

type CheckChange struct{ ent.Schema }

func (CheckChange) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 18"}),
	}
}

func (CheckChange) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
