// Package schema declares the entities as code. The generator writes the typed client in ent from it, and
// plinth diff writes the migrations.
package schema

import (
	"fmt"
	"time"

	"entgo.io/ent"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/entsql"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/mixin"
	"github.com/google/uuid"
)

// varchar makes a string column a varchar(n) in the database too; Ent's MaxLen alone is checked by the client only.
func varchar(n int) map[string]string {
	return map[string]string{dialect.Postgres: fmt.Sprintf("varchar(%d)", n)}
}

// idMixin gives an entity a UUID key. The database fills it too, for rows that raw SQL inserts.
type idMixin struct{ mixin.Schema }

// Fields implements [ent.Mixin].
func (idMixin) Fields() []ent.Field {
	return []ent.Field{
		field.UUID("id", uuid.UUID{}).
			Default(uuid.New).
			Immutable().
			Annotations(entsql.DefaultExpr("gen_random_uuid()")),
	}
}

// timeMixin gives an entity its creation and last update, with time zone. Ent keeps updated_at current on its own
// updates; raw SQL has to set it.
type timeMixin struct{ mixin.Schema }

// Fields implements [ent.Mixin].
func (timeMixin) Fields() []ent.Field {
	return []ent.Field{
		field.Time("created_at").
			Default(time.Now).
			Immutable().
			Annotations(entsql.DefaultExpr("now()")),
		field.Time("updated_at").
			Default(time.Now).
			UpdateDefault(time.Now).
			Annotations(entsql.DefaultExpr("now()")),
	}
}
