// A longer varchar.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT name, v::text FROM type_varchar_longers

type TypeVarcharLonger struct{ ent.Schema }

func (TypeVarcharLonger) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v").SchemaType(map[string]string{dialect.Postgres: "varchar(9)"}),
	}
}
