// An edge from one to one is added.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2o_adds (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2o_add_parts (name) VALUES ('p')
// keeps: SELECT name FROM edge_o2o_adds

type EdgeO2oAdd struct{ ent.Schema }

func (EdgeO2oAdd) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

type EdgeO2oAddPart struct{ ent.Schema }

func (EdgeO2oAddPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}
