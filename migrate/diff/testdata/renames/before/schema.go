// Package before is what package after was called.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").Unique(),
		field.String("nick").Default("none"),
		field.Enum("mood").Values("glad", "sad", "odd").Default("glad").Annotations(plinth.NativeEnum()),
		field.Int("kept"),
	}
}

func (User) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("posts", Post.Type).Annotations(entsql.OnDelete(entsql.Cascade)),
		edge.To("groups", Group.Type),
		edge.To("friends", User.Type),
		edge.To("home", Group.Type).Unique(),
	}
}

func (User) Indexes() []ent.Index {
	return []ent.Index{index.Fields("nick"), index.Fields("kept").StorageKey("old_index")}
}

type Post struct{ ent.Schema }

func (Post) Fields() []ent.Field { return []ent.Field{field.String("title")} }

func (Post) Edges() []ent.Edge {
	return []ent.Edge{edge.From("author", User.Type).Ref("posts").Unique()}
}

type Group struct{ ent.Schema }

func (Group) Fields() []ent.Field { return []ent.Field{field.String("name")} }

func (Group) Edges() []ent.Edge {
	return []ent.Edge{edge.From("members", User.Type).Ref("groups")}
}
