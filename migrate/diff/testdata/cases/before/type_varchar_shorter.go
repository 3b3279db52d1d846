// A shorter varchar: the up fails on a value that does not fit.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO type_varchar_shorters (name, v) VALUES ('a', 'abc')
// keeps: SELECT name, v::text FROM type_varchar_shorters

type TypeVarcharShorter struct{ ent.Schema }

func (TypeVarcharShorter) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
		field.String("v").SchemaType(map[string]string{dialect.Postgres: "varchar(9)"}),
	}
}
