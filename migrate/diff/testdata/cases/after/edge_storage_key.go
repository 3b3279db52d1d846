// The column and the foreign key of an edge get other names by StorageKey.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, whole FROM edge_storage_key_parts

type EdgeStorageKey struct{ ent.Schema }

func (EdgeStorageKey) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeStorageKey) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeStorageKeyPart.Type).StorageKey(edge.Column("whole"), edge.Symbol("to_whole")).Annotations(plinth.RenamedFrom("edge_storage_key_parts")),
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
