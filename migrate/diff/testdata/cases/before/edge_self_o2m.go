// A tree: an edge from an entity to itself is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_self_trees (name) VALUES ('a')
// keeps: SELECT name FROM edge_self_trees

type EdgeSelfTree struct{ ent.Schema }

func (EdgeSelfTree) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
