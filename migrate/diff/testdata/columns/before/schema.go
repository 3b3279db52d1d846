// Package before is what the columns change from.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

// Order has a reserved word for a name, and so has its column.
type Order struct{ ent.Schema }

func (Order) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("order")}
}

func sized(t string) map[string]string { return map[string]string{dialect.Postgres: t} }

func (Order) Fields() []ent.Field {
	return []ent.Field{
		field.String("select").Default("it's"),
		field.String("widened").SchemaType(sized("varchar(10)")),
		field.String("narrowed").SchemaType(sized("varchar(20)")),
		field.String("number").Default("0"),
		field.Int32("count").Default(1),
		field.Time("at").Optional(),
		field.String("filled").Optional(),
		field.String("freed").Default("x"),
		field.String("required"),
		field.String("dropped"),
		field.Bool("flag"),
		field.JSON("data", []string{}),
		field.String("code").Unique(),
		field.Float("price").SchemaType(sized("numeric(8,2)")),
	}
}
