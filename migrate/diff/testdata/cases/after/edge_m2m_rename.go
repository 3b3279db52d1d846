// An edge from many to many is renamed; its table keeps its rows.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM edge_m2m_rename_pieces

type EdgeM2mRename struct{ ent.Schema }

func (EdgeM2mRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mRename) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("pieces", EdgeM2mRenamePart.Type).Annotations(plinth.RenamedFrom("ties")),
	}
}

type EdgeM2mRenamePart struct{ ent.Schema }

func (EdgeM2mRenamePart) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mRenamePart) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("wholes", EdgeM2mRename.Type).Ref("pieces"),
	}
}
