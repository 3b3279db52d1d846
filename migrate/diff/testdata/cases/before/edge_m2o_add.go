// An edge from many to one is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_m2o_adds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_m2o_add_parts (name) VALUES ('p')
// keeps: SELECT name FROM edge_m2o_adds

type EdgeM2oAdd struct{ ent.Schema }

func (EdgeM2oAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeM2oAddPart struct{ ent.Schema }

func (EdgeM2oAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
