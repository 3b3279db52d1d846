// Package after is package before with other names, and a column more.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

type Account struct{ ent.Schema }

func (Account) Annotations() []schema.Annotation {
	return []schema.Annotation{plinth.RenamedFrom("User")}
}

func (Account) Fields() []ent.Field {
	return []ent.Field{
		field.String("email").Unique(),
		field.String("handle").Default("none").Annotations(plinth.RenamedFrom("nick")),
		field.String("bio").Optional(),
		field.Enum("temper").Values("happy", "sad", "odd", "calm").Default("happy").
			Annotations(plinth.NativeEnum(), plinth.RenamedFrom("mood"), plinth.RenamedValue("glad", "happy")),
		field.Int("kept"),
	}
}

func (Account) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("articles", Post.Type).Annotations(entsql.OnDelete(entsql.Cascade), plinth.RenamedFrom("posts")),
		edge.To("groups", Group.Type),
		edge.To("pals", Account.Type).Annotations(plinth.RenamedFrom("friends")),
		edge.To("home", Group.Type).Unique(),
	}
}

func (Account) Indexes() []ent.Index {
	return []ent.Index{index.Fields("handle"), index.Fields("kept").StorageKey("new_index")}
}

type Post struct{ ent.Schema }

func (Post) Fields() []ent.Field { return []ent.Field{field.String("title")} }

func (Post) Edges() []ent.Edge {
	return []ent.Edge{edge.From("author", Account.Type).Ref("articles").Unique()}
}

type Group struct{ ent.Schema }

func (Group) Fields() []ent.Field { return []ent.Field{field.String("name")} }

func (Group) Edges() []ent.Edge {
	return []ent.Edge{edge.From("members", Account.Type).Ref("groups")}
}
