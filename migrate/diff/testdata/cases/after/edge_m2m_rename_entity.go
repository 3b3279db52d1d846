// An entity is renamed; the rows of its join table stay.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/edge"
	"entgo.io/ent/schema/field"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT edge_new_club_id, edge_new_member_id FROM edge_new_club_members

type EdgeNewClub struct{ ent.Schema }

func (EdgeNewClub) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.RenamedFrom("EdgeOldClub"),
	}
}

func (EdgeNewClub) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeNewClub) Edges() []ent.Edge {
	return []ent.Edge{
		edge.To("members", EdgeNewMember.Type),
	}
}

type EdgeNewMember struct{ ent.Schema }

func (EdgeNewMember) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.RenamedFrom("EdgeOldMember"),
	}
}

func (EdgeNewMember) Fields() []ent.Field {
	return []ent.Field{
		field.String("name"),
	}
}

func (EdgeNewMember) Edges() []ent.Edge {
	return []ent.Edge{
		edge.From("clubs", EdgeNewClub.Type).Ref("members"),
	}
}
