// Annotations whose change is done stay in the schema code, and say nothing.
package after

import (
	"entgo.io/ent"
	"entgo.io/ent/schema"
	"entgo.io/ent/schema/field"
	"entgo.io/ent/schema/index"

	"github.com/plinth-db/plinth"
)

// keeps: SELECT * FROM annotation_stays

type AnnotationStays struct{ ent.Schema }

func (AnnotationStays) Annotations() []schema.Annotation {
	return []schema.Annotation{
		plinth.RenamedFrom("Person"),
	}
}

func (AnnotationStays) Fields() []ent.Field {
	return []ent.Field{
		field.String("handle").Annotations(plinth.RenamedFrom("nick")),
		field.Enum("mood").Values("sad", "happy").Annotations(plinth.NativeEnum(), plinth.RenamedValue("glad", "happy"), plinth.RemovedValue("odd", "sad")),
		field.Bool("v").Annotations(plinth.Using("v <> 0")),
	}
}

func (AnnotationStays) Indexes() []ent.Index {
	return []ent.Index{
		index.Fields("handle").Annotations(plinth.RenamedFrom("old")),
	}
}
