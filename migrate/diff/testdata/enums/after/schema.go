// Package after is what the enums change to.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

type Ticket struct{ ent.Schema }

func (Ticket) Annotations() []schema.Annotation {
	return []schema.Annotation{entsql.Checks(map[string]string{
		"tickets_priority":  "priority <> 'low' OR state = 'open'",
		"tickets_shrinking": "shrinking IN ('a', 'b')",
	})}
}

func (Ticket) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("state").NamedValues("New", "new", "Open", "open", "Its", "it's", "Hold", "on hold", "Closed", "closed", "Lost", "lost").Default("new").Annotations(plinth.NativeEnum()),
		field.Enum("priority").Values("high", "low").Default("low").Annotations(plinth.NativeEnum("Level")),
		field.Enum("shrinking").Values("a", "b").Default("b").Annotations(plinth.NativeEnum("letters")),
		field.Enum("becomes_native").Values("x", "y").Default("x").Annotations(plinth.NativeEnum()),
		field.Enum("becomes_text").Values("x", "y").Default("y"),
		field.Enum("renamed_type").Values("x", "y").Default("x").Annotations(plinth.NativeEnum("new_name")),
		field.Enum("added").NamedValues("Its", "it's", "Odd", `a"b\`).Default(`a"b\`).Annotations(plinth.NativeEnum("added_type")),
	}
}

func (Ticket) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("priority").StorageKey("tickets_open").Annotations(entsql.IndexWhere("state = 'open'")),
		index.Fields("becomes_native").StorageKey("tickets_x").Annotations(entsql.IndexWhere("becomes_native = 'x'")),
		index.Fields("shrinking"),
	}
}

type Task struct{ ent.Schema }

func (Task) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("level").Values("high", "low").Optional().Annotations(plinth.NativeEnum("Level")),
	}
}
