// Numbers start lower, and none comes twice.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO number_start_backs (name) VALUES ('a'), ('b')
// keeps: SELECT id, name FROM number_start_backs

type NumberStartBack struct{ ent.Schema }

func (NumberStartBack) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.IncrementStart(1000),
	}
}

func (NumberStartBack) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
