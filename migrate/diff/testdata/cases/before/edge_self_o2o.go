// A couple: an edge from one of an entity to one of it is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_self_couples (name) VALUES ('a')
// keeps: SELECT name FROM edge_self_couples

type EdgeSelfCouple struct{ ent.Schema }

func (EdgeSelfCouple) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
