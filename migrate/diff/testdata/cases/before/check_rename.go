// A check gets another name.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO check_renames (age) VALUES (30)
// keeps: SELECT * FROM check_renames

type CheckRename struct{ ent.Schema }

func (CheckRename) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 21"}),
	}
}

func (CheckRename) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
