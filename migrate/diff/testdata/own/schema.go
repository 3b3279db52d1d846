// Package own is this project's schema with a field, an enum value and an index more.
package own

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
	"github.com/plinth-db/plinth/schema"
)

type (
	User struct{ schema.User }
	Tag  struct{ schema.Tag }
)

type Article struct{ schema.Article }

func (a Article) Fields() []ent.Field {
	fields := a.Article.Fields()
	for i, f := range fields {
		if f.Descriptor().Name == "status" {
			fields[i] = field.Enum("status").
				Values("draft", "review", "scheduled", "published", "archived").
				Default("draft").
				Annotations(plinth.NativeEnum("article_status"))
		}
	}
	return append(fields, field.String("subtitle").Default(""))
}

func (a Article) Indexes() []ent.Index {
	return append(a.Article.Indexes(), index.Fields("status", "created_at"))
}
