// Package places has annotations where they have no meaning.
package places

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

type Item struct{ ent.Schema }

func (Item) Annotations() []schema.Annotation {
	return []schema.Annotation{plinth.Using("name::integer")}
}

func (Item) Fields() []ent.Field {
	return []ent.Field{field.String("name").Annotations(plinth.Exclude("apart", "USING gist (name WITH =)"))}
}

func (Item) Edges() []ent.Edge {
	return []ent.Edge{edge.To("parts", Item.Type).Annotations(plinth.IndexExpr("lower(name)"))}
}

func (Item) Indexes() []ent.Index {
	return []ent.Index{index.Fields("name").Annotations(plinth.OnUpdate("CASCADE"))}
}
