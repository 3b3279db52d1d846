// A table is dropped; the down brings it back empty.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO table_drops (name) VALUES ('a')
// rows: INSERT INTO table_drop_stays (name) VALUES ('b')
// keeps: SELECT * FROM table_drop_stays

type TableDrop struct{ ent.Schema }

func (TableDrop) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type TableDropStays struct{ ent.Schema }

func (TableDropStays) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
