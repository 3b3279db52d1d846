// Everything about a table changes at once.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO many_at_onces (nick, age, size, mood) VALUES ('a', NULL, 3, 'calm'), ('b', 20, 4, 'sad')
// keeps: SELECT id, nick, size::text FROM many_at_onces

type ManyAtOnce struct{ ent.Schema }

func (ManyAtOnce) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 18"}),
	}
}

func (ManyAtOnce) Fields() []ent.Field {
	return []ent.Field{
		field.String("nick").Unique(),
		field.Int("age").Optional(),
		field.Int("size"),
		field.String("gone").Default("x"),
		field.Enum("mood").Values("sad", "glad", "calm").Annotations(plinth.NativeEnum()),
	}
}

func (ManyAtOnce) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("age"),
	}
}
