// An edge from one to many is renamed; its column keeps its values.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_o2m_renames (name) VALUES ('a'), ('b')
// rows: INSERT INTO edge_o2m_rename_parts (name) VALUES ('p')
// rows: UPDATE edge_o2m_rename_parts SET edge_o2m_rename_parts = 2
// keeps: SELECT name, edge_o2m_rename_parts FROM edge_o2m_rename_parts

type EdgeO2mRename struct{ ent.Schema }

func (EdgeO2mRename) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeO2mRename) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("parts", EdgeO2mRenamePart.Type),
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
		edge.From("whole", EdgeO2mRename.Type).Ref("parts").Unique(),
	}
}
