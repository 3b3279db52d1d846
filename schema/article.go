package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
	"github.com/google/uuid"

	"github.com/plinth-db/plinth"
)

// Article is a text with one author, a place in the editorial process, and any number of tags.
type Article struct{ ent.Schema }

// Mixin implements [ent.Interface].
func (Article) Mixin() []ent.Mixin { return []ent.Mixin{idMixin{}, timeMixin{}} }

// Fields implements [ent.Interface].
func (Article) Fields() []ent.Field {
	return []ent.Field{
		field.String("title").NotEmpty().MaxLen(300).SchemaType(varchar(300)),
		field.String("slug").NotEmpty().MaxLen(300).SchemaType(varchar(300)).Unique(),
		field.Text("body").Default(""),
		field.Enum("status").
			Values("draft", "review", "published", "archived").
			Default("draft").
			Annotations(plinth.NativeEnum("article_status")),
		field.Time("published_at").Optional().Nillable(),
		field.JSON("metadata", map[string]any{}).Optional(),
		field.UUID("author_id", uuid.UUID{}),
	}
}

// Edges implements [ent.Interface].
func (Article) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("author", User.Type).Ref("articles").Field("author_id").Unique().Required(),
		edge.To("tags", Tag.Type),
	}
}

// Indexes implements [ent.Interface].
func (Article) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("author_id"),
		index.Fields("published_at").
			StorageKey("article_published").
			Annotations(entsql.IndexWhere("status = 'published'")),
	}
}
