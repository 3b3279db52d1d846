// An edge from many to many is renamed; its table keeps its rows.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_m2m_renames (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_m2m_rename_parts (name) VALUES ('p')
// rows: INSERT INTO edge_m2m_rename_ties VALUES (1, 1), (2, 1)
// keeps: SELECT * FROM edge_m2m_rename_ties

type EdgeM2mRename struct{ ent.Schema }

func (EdgeM2mRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeM2mRename) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("ties", EdgeM2mRenamePart.Type),
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
		edge.From("wholes", EdgeM2mRename.Type).Ref("ties"),
	}
}
