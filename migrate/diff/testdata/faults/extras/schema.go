// Package extras has annotations in their place that say what cannot be.
package extras

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
	return []schema.Annotation{plinth.Exclude("", "USING gist (name WITH =)")}
}

func (Item) Fields() []ent.Field {
	return []ent.Field{
		field.String("using").Annotations(plinth.Using(" ")),
		field.Int("twice").Default(1).Annotations(plinth.Generated("id * 2")),
		field.Int("many").Annotations(plinth.Deferrable(true)),
		field.Enum("text").Values("b").Annotations(plinth.RemovedValue("a", "b")),
		field.Enum("kept").Values("a", "b").Annotations(plinth.NativeEnum(), plinth.RemovedValue("a", "b")),
		field.Enum("lost").Values("a", "b").Annotations(plinth.NativeEnum(), plinth.RemovedValue("c", "d")),
	}
}

func (Item) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", Part.Type).Annotations(plinth.OnUpdate("MOVE")),
		edge.To("clubs", Part.Type).Through("joins", Join.Type).Annotations(plinth.Deferrable(false)),
	}
}

func (Item) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("many").StorageKey("same").Annotations(plinth.RenamedFrom("same")),
		index.Fields("many").StorageKey("empty").Annotations(plinth.IndexExpr("many", " ")),
		index.Fields("many").StorageKey("plain").Annotations(plinth.NullsNotDistinct()),
		index.Fields("many").Unique().StorageKey("both").Annotations(plinth.Deferrable(true), plinth.IndexExpr("many")),
	}
}

type Part struct{ ent.Schema }

func (Part) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", Item.Type).Ref("parts").Unique().Annotations(plinth.OnUpdate("CASCADE")),
		edge.From("items", Item.Type).Ref("clubs").Through("joins", Join.Type),
	}
}

type Join struct{ ent.Schema }

func (Join) Fields() []ent.Field {
	return []ent.Field{field.Int("item_id"), field.Int("part_id")}
}

func (Join) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("item", Item.Type).Field("item_id").Unique().Required(),
		edge.To("part", Part.Type).Field("part_id").Unique().Required(),
	}
}
