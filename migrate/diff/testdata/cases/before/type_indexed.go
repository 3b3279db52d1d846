// A column changes its type below a partial index and a check.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// rows: INSERT INTO type_indexeds (v) VALUES (7)
// keeps: SELECT v::integer FROM type_indexeds

type TypeIndexed struct{ ent.Schema }

func (TypeIndexed) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"positive": "v > 0"}),
	}
}

func (TypeIndexed) Fields() []ent.Field {
	return []ent.Field{
		field.Int("v"),
	}
}

func (TypeIndexed) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("v").Annotations(entsql.IndexWhere("v > 3")),
	}
}
