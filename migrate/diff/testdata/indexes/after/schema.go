// Package after is what indexes and checks change to.
package after

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
		entsql.Check("price >= -1"),
		entsql.Checks(map[string]string{"kind_known": "kind IN ('a', 'b', 'c')", "added": "name <> slug OR kind BETWEEN 'a' AND 'z'"}),
	}
}

func (Item) Fields() []ent.Field {
	return []ent.Field{field.String("kind"), field.Int("price"), field.String("name"), field.String("slug")}
}

func (Item) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("kind").StorageKey("by_kind").Annotations(entsql.IndexWhere("price > 20 AND kind IN ('a', 'b')")),
		index.Fields("name").StorageKey("by_name").Unique(),
		index.Fields("slug").StorageKey("by_slug"),
		index.Fields("price", "name").StorageKey("by_price").Annotations(entsql.DescColumns("price"), entsql.IncludeColumns("slug")),
		index.Fields("name").StorageKey("added_index").Annotations(entsql.IndexType("HASH")),
	}
}
