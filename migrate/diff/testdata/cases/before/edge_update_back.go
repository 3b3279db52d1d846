// A row no more follows the key of its whole.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// rows: INSERT INTO edge_update_backs (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_update_back_parts (name) VALUES ('p')
// rows: UPDATE edge_update_back_parts SET edge_update_back_parts = 2
// keeps: SELECT name, edge_update_back_parts FROM edge_update_back_parts

type EdgeUpdateBack struct{ ent.Schema }

func (EdgeUpdateBack) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateBack) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeUpdateBackPart.Type).Annotations(plinth.OnUpdate("CASCADE")),
	}
}

type EdgeUpdateBackPart struct{ ent.Schema }

func (EdgeUpdateBackPart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeUpdateBackPart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeUpdateBack.Type).Ref("parts").Unique(),
	}
}
