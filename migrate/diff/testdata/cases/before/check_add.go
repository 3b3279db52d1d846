// A check is added: the up fails on rows that break it.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO check_adds (age) VALUES (12), (20)
// keeps: SELECT id FROM check_adds

type CheckAdd struct{ ent.Schema }

func (CheckAdd) Fields() []ent.Field {
	return []ent.Field{
		field.Int("age"),
	}
}
