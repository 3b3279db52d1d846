// Everything about a table changes at once.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT id, handle, size::text FROM many_at_onces
// gives: SELECT age, mood, twice FROM many_at_onces
// gets: (18,glad,36)
// gets: (20,sad,40)

type ManyAtOnce struct{ ent.Schema }

func (ManyAtOnce) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"adult": "age >= 16"}),
	}
}

func (ManyAtOnce) Fields() []ent.Field {
	return []ent.Field{
		field.String("handle").Unique().Annotations(plinth.RenamedFrom("nick")),
		field.Int("age").Default(18),
		field.Float("size"),
		field.Time("at").Annotations(entsql.DefaultExpr("now()")),
		field.Enum("mood").Values("glad", "sad").Annotations(plinth.NativeEnum(), plinth.RemovedValue("calm", "glad")),
		field.Int("twice").Optional().Annotations(plinth.Generated("age * 2")),
	}
}

func (ManyAtOnce) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("age").Annotations(plinth.IndexExpr("age DESC NULLS LAST", "lower(handle)")),
	}
}
