// Package before is what the enums change from.
package before

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
		"tickets_shrinking": "shrinking IN ('a', 'c')",
	})}
}

func (Ticket) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("state").Values("open", "closed").Default("open").Annotations(plinth.NativeEnum()),
		field.Enum("priority").Values("low", "high").Default("low").Annotations(plinth.NativeEnum("Level")),
		field.Enum("shrinking").Values("a", "b", "c").Default("a").Annotations(plinth.NativeEnum("letters")),
		field.Enum("becomes_native").Values("x", "y").Default("x"),
		field.Enum("becomes_text").Values("x", "y").Default("x").Annotations(plinth.NativeEnum("was_native")),
		field.Enum("renamed_type").Values("x", "y").Default("x").Annotations(plinth.NativeEnum("old_name")),
		field.Enum("gone").NamedValues("Its", "it's", "Odd", `a"b\`).Default("it's").Annotations(plinth.NativeEnum("gone_type")),
	}
}

func (Ticket) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("priority").StorageKey("tickets_open").Annotations(entsql.IndexWhere("state = 'open'")),
		index.Fields("becomes_native").StorageKey("tickets_x").Annotations(entsql.IndexWhere("becomes_native = 'x'")),
		index.Fields("shrinking"),
	}
}

// Task shares a type with Ticket.
type Task struct{ ent.Schema }

func (Task) Fields() []ent.Field {
	return []ent.Field{
		field.Enum("level").Values("low", "high").Optional().Annotations(plinth.NativeEnum("Level")),
	}
}
