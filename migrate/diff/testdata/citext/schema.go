// Package citext uses a type that an extension brings, and serial numbers.
package citext

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

type User struct{ ent.Schema }

func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{schema.Comment("Somebody's account"), entsql.WithComments(true)}
}

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.Int("id").SchemaType(map[string]string{dialect.Postgres: "bigserial"}),
		field.String("email").SchemaType(map[string]string{dialect.Postgres: "citext"}).Comment("without regard to case"),
	}
}

func (User) Edges() []ent.Edge {
	return []ent.Edge{edge.To("friends", User.Type), edge.To("boss", User.Type).Unique()}
}
