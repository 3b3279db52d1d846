// An edge from one to many is renamed; its column keeps its values.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT name, edge_o2m_rename_pieces FROM edge_o2m_rename_parts

type EdgeO2mRename struct{ ent.Schema }

func (EdgeO2mRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mRename) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("pieces", EdgeO2mRenamePart.Type).Annotations(plinth.RenamedFrom("parts")),
	}
}

type EdgeO2mRenamePart struct{ ent.Schema }

func (EdgeO2mRenamePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mRenamePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("whole", EdgeO2mRename.Type).Ref("pieces").Unique(),
	}
}
