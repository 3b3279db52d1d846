package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// Tag is a word that articles are filed under.
type Tag struct{ ent.Schema }

// Mixin implements [ent.Interface].
func (Tag) Mixin() []ent.Mixin { return []ent.Mixin{idMixin{}} }

// Fields implements [ent.Interface].
func (Tag) Fields() []ent.Field {
	return []ent.Field{field.String("name").NotEmpty().MaxLen(100).SchemaType(varchar(100)).Unique()}
}

// Edges implements [ent.Interface].
func (Tag) Edges() []ent.Edge {
	return []ent.Edge{edge.From("articles", Article.Type).Ref("tags")}
}
