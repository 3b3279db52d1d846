// Friends: an edge from many of an entity to many of it is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_self_friends (name) VALUES ('a')
// keeps: SELECT name FROM edge_self_friends

type EdgeSelfFriend struct{ ent.Schema }

func (EdgeSelfFriend) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
