// A table is dropped; the down brings it back empty.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// keeps: SELECT * FROM table_drop_stays

type TableDropStays struct{ ent.Schema }

func (TableDropStays) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
