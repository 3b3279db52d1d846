// Bytes become text in the encoding that plinth.Using names.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// gives: SELECT v FROM type_using_bytes
// gets: (abc)

type TypeUsingBytes struct{ ent.Schema }

func (TypeUsingBytes) Fields() []ent.Field {
	return []ent.Field{
		field.Text("v").Annotations(plinth.Using("convert_from(v, 'UTF8')", "convert_to(v, 'UTF8')")),
	}
}
