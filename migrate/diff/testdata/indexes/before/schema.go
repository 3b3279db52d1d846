// Package before is what indexes and checks change from.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"
)

type Item struct{ ent.Schema }

func (Item) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Check("price >= 0"), // PostgreSQL names it
		entsql.Checks(map[string]string{"kind_known": "kind IN ('a', 'b')", "gone": "price < 1000"}),
	}
}

func (Item) Fields() []ent.Field {
	return []ent.Field{field.String("kind"), field.Int("price"), field.String("name"), field.String("slug")}
}

func (Item) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("kind").StorageKey("by_kind").Annotations(entsql.IndexWhere("price > 10")),
		index.Fields("name").StorageKey("by_name"),
		index.Fields("slug").StorageKey("by_slug").Unique(),
		index.Fields("price", "name").StorageKey("by_price"),
		index.Fields("price").StorageKey("gone_index"),
	}
}
