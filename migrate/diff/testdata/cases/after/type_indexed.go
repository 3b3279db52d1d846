// A column changes its type below a partial index and a check.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

// keeps: SELECT v::integer FROM type_indexeds

type TypeIndexed struct{ ent.Schema }

func (TypeIndexed) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"positive": "v > 0"}),
	}
}

func (TypeIndexed) Fields() []ent.Field {
	return []ent.Field{
		field.Float("v").SchemaType(map[string]string{dialect.Postgres: "numeric(8,2)"}),
	}
}

func (TypeIndexed) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("v").Annotations(entsql.IndexWhere("v > 3")),
	}
}
