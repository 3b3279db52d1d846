// An entity is renamed; the rows of its join table stay.
package before

import (
	"entgo.io/ent"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"
)

// rows: INSERT INTO edge_old_clubs (name) VALUES ('c')
// rows: INSERT INTO edge_old_members (name) VALUES ('m')
// rows: INSERT INTO edge_old_club_members VALUES (1, 1)
// keeps: SELECT edge_old_club_id, edge_old_member_id FROM edge_old_club_members

type EdgeOldClub struct{ ent.Schema }

func (EdgeOldClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeOldClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", EdgeOldMember.Type),
	}
}

type EdgeOldMember struct{ ent.Schema }

func (EdgeOldMember) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeOldMember) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("clubs", EdgeOldClub.Type).Ref("members"),
	}
}
