package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// User is somebody who writes articles.
type User struct{ ent.Schema }

// Mixin implements [ent.Interface].
func (User) Mixin() []ent.Mixin { return []ent.Mixin{idMixin{}, timeMixin{}} }

// Fields implements [ent.Interface].
func (User) Fields() []ent.Field {
	return []ent.Field{
		// 254 is the longest address that SMTP can carry: RFC 3696, erratum 1690.
		field.String("email").MinLen(3).MaxLen(254).SchemaType(varchar(254)).Unique(),
		field.String("name").NotEmpty().MaxLen(200).SchemaType(varchar(200)),
	}
}

// Edges implements [ent.Interface].
func (User) Edges() []ent.Edge {
	return []ent.Edge{edge.To("articles", Article.Type).Annotations(entsql.OnDelete(entsql.Restrict))}
}

// Annotations implements [ent.Interface].
func (User) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"users_email_form": "email LIKE '_%@_%'"}),
	}
}
