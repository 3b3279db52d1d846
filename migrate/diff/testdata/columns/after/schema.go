// Package after is what the columns change to.
package after

import (
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
)

type Order struct{ ent.Schema }

func (Order) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Table("order")}
}

func sized(t string) map[string]string { return map[string]string{dialect.Postgres: t} }

func (Order) Fields() []ent.Field {
	return []ent.Field{
		field.String("select").Default(`it\'s "new"`),
		field.String("widened").SchemaType(sized("varchar(40)")),
		field.String("narrowed").SchemaType(sized("varchar(5)")),
		field.Int("number").Default(7),
		field.Int64("count").Default(1),
		field.Time("at").SchemaType(sized("date")).Optional(),
		field.String("filled").Default("none"),
		field.String("freed").Optional(),
		field.String("required").Optional(),
		field.Time("created_at").Default(time.Now).Annotations(entsql.DefaultExpr("now()")),
		field.String("where").Optional().Unique(),
		field.Float("price").SchemaType(sized("numeric(8,2)")),
	}
}
