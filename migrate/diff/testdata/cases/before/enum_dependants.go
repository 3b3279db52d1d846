// A type loses a value below a default, a check, two indexes and a generated column.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO enum_dependants (mood) VALUES ('sad'), ('glad')
// keeps: SELECT id, mood::text FROM enum_dependants

type EnumDependants struct{ ent.Schema }

func (EnumDependants) Annotations() []schema.Annotation {
	return []schema.Annotation{
		entsql.Checks(map[string]string{"known": "mood <> 'glad' OR id > 0"}),
	}
}

func (EnumDependants) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("mood").Values("sad", "glad", "calm").Default("sad").Annotations(plinth.NativeEnum()),
		field.Bool("low").Optional().Annotations(plinth.Generated("mood = 'sad'")),
	}
}

func (EnumDependants) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("mood"),
		index.Fields("id").StorageKey("sad_ones").Annotations(entsql.IndexWhere("mood = 'sad'")),
	}
}
