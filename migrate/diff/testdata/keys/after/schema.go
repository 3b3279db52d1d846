// Package after has another primary key with a column less, another foreign key action, another many-to-many table, and two tables
// that refer to each other.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field { return []ent.Field{field.String("name")} }

func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("posts", Post.Type).Annotations(entsql.OnDelete(entsql.Restrict)),
		edge.To("groups", Group.Type),
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

func (Member) Annotations() []schema.Annotation {
	return []schema.Annotation{field.ID("user_id", "post_id")}
}

func (Member) Fields() []ent.Field {
	return []ent.Field{field.Int("user_id"), field.Int("post_id")}
}

func (Member) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("user", User.Type).Field("user_id").Unique().Required(),
		edge.To("post", Post.Type).Field("post_id").Unique().Required(),
	}
}

type Group struct{ ent.Schema }

func (Group) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("rooms", Room.Type),
		edge.To("home", Room.Type).Unique(),
		edge.From("users", User.Type).Ref("groups"),
	}
}

type Room struct{ ent.Schema }

func (Room) Edges() []ent.Edge {
	return []ent.Edge{edge.From("group", Group.Type).Ref("rooms").Unique()}
}
