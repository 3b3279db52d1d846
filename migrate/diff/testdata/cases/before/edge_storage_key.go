// The column and the foreign key of an edge get other names by StorageKey.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_storage_keys (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_storage_key_parts (name) VALUES ('p')
// rows: UPDATE edge_storage_key_parts SET edge_storage_key_parts = 2
// keeps: SELECT name, edge_storage_key_parts FROM edge_storage_key_parts

type EdgeStorageKey struct{ ent.Schema }

func (EdgeStorageKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeStorageKey) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeStorageKeyPart.Type),
	}
}

type EdgeStorageKeyPart struct{ ent.Schema }

func (EdgeStorageKeyPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeStorageKeyPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeStorageKey.Type).Ref("parts").Unique(),
	}
}
