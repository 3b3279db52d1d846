// A check is added: the up fails on rows that break it.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT id FROM check_adds
// fails: check constraint "adult"
// mend: UPDATE check_adds SET age = 18 WHERE age < 18

type CheckAdd struct{ ent.Schema }

func (CheckAdd) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 18"}),
	}
}

func (CheckAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
