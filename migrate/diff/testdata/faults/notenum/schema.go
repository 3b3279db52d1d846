// Package notenum has the annotation where it has no meaning.
package notenum

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

type User struct{ ent.Schema }

func (User) Fields() []ent.Field {
	return []ent.Field{
		field.String("state").Annotations(plinth.NativeEnum("user_state")),
		field.Enum("kind").Values("a").Annotations(plinth.NativeEnum("a_name_of_sixty_four_bytes_which_is_one_more_than_Postgres_takes")),
	}
}

func (User) Annotations() []schema.Annotation { return []schema.Annotation{plinth.NativeEnum()} }
