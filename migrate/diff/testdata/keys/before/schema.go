// Package before has a membership with a key of its own, and no groups.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field { return []ent.Field{field.String("name")} }

func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("posts", Post.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("friends", User.Type),
		edge.To("read", Post.Type).Through("members", Member.Type),
	}
}

type Post struct{ ent.Schema }

func (Post) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("author", User.Type).Ref("posts").Unique().Required(),
		edge.From("readers", User.Type).Ref("read").Through("members", Member.Type),
	}
}

type Member struct{ ent.Schema }

func (Member) Fields() []ent.Field {
	return []ent.Field{field.Int("user_id"), field.Int("post_id"), field.String("note").Default("")}
}

func (Member) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required(),
		edge.To("post", Post.Type).Field("post_id").Unique().Required(),
	}
}
