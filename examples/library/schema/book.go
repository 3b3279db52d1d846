// Package schema is another team's schema: its entities know nothing of Plinth's own.
package schema

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// Book is a book of the library.
type Book struct{ ent.Schema }

// Fields implements [ent.Interface].
func (Book) Fields() []ent.Field {
	return []ent.Field{
		field.String("title").NotEmpty(),
		field.Enum("state").Values("shelf", "lent").Default("shelf").Annotations(plinth.NativeEnum()),
	}
}
