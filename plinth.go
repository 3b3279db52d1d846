// Package plinth holds the annotations that schema code uses to say what Ent's own vocabulary cannot. It imports
// nothing but Ent's annotation interface, so that a schema package stays light.
package plinth

import (
	"encoding/json"
	"fmt"
	"slices"

	"entgo.io/ent/schema"
)

// AnnotationName is the key under which Ent's codegen graph keeps an [Annotation] of a field or an entity.
const AnnotationName = "Plinth"

// Annotation is the serialised form of what this package's functions declare. Schema code calls the functions;
// only the planner reads the struct. Several annotations on one field are merged, the later one winning.
type Annotation struct {
	// NativeEnum marks an enum field as a PostgreSQL enum type. Nil means Ent's default, a varchar column.
	NativeEnum *NativeEnumSpec `json:"native_enum,omitempty"`
	// RenamedFrom is the earlier name; empty for none.
	RenamedFrom string `json:"renamed_from,omitempty"`
	// RenamedValues are values of an enum field that had other names.
	RenamedValues []RenamedValueSpec `json:"renamed_values,omitempty"`
}

// RenamedValueSpec is one value of an enum field.
type RenamedValueSpec struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// NativeEnumSpec describes the PostgreSQL enum type of a field.
type NativeEnumSpec struct {
	// Type is the type's name. Empty means <table>_<column>.
	Type string `json:"type,omitempty"`
}

// NativeEnum stores an Ent enum field as a PostgreSQL enum type instead of a varchar column. The generated Go code
// keeps its typed constants. name is the type's name; without one it is <table>_<column>. Fields of several
// entities may name the same type, and must then list the same values in the same order. It has no meaning on
// a field that is not an enum; plinth diff refuses it there.
func NativeEnum(name ...string) Annotation {
	var spec NativeEnumSpec
	if len(name) > 0 {
		spec.Type = name[0]
	}
	return Annotation{NativeEnum: &spec}
}

// RenamedFrom says that an entity, a field or an edge had another name in the schema code, so that plinth diff renames the table,
// the column, the enum type, and what is named after them, and keeps the rows. old is the earlier Ent name ("User", "nickname",
// "posts"); where no table or column of the name that Ent makes of it is found, it is taken as the name in the database. It can
// stay in the schema: once the old name is gone, it says nothing.
func RenamedFrom(old string) Annotation { return Annotation{RenamedFrom: old} }

// RenamedValue says that a value of an enum field with [NativeEnum] had another name, so that rows which hold it keep it under the
// new one. For several values, give several annotations. It can stay in the schema.
func RenamedValue(old, new string) Annotation { //nolint:predeclared,revive // the contract's names
	return Annotation{RenamedValues: []RenamedValueSpec{{Old: old, New: new}}}
}

// Name implements [schema.Annotation].
func (Annotation) Name() string { return AnnotationName }

// Merge implements [schema.Merger], so that several Plinth annotations can stand on one field.
func (a Annotation) Merge(other schema.Annotation) schema.Annotation {
	o, ok := other.(Annotation)
	if !ok {
		return a
	}
	if o.NativeEnum != nil {
		a.NativeEnum = o.NativeEnum
	}
	if o.RenamedFrom != "" {
		a.RenamedFrom = o.RenamedFrom
	}
	a.RenamedValues = append(slices.Clone(a.RenamedValues), o.RenamedValues...)
	return a
}

// Decode reads back an annotation from the map that Ent's codegen keeps for a field or an entity, where it has
// become plain JSON data. The zero Annotation is returned when the map has none.
func Decode(annotations map[string]any) (Annotation, error) {
	var a Annotation
	raw, ok := annotations[AnnotationName]
	if !ok {
		return a, nil
	}
	data, err := json.Marshal(raw)
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err != nil {
		return Annotation{}, fmt.Errorf("plinth: annotation %q is not one of this package's: %w", AnnotationName, err)
	}
	return a, nil
}

var (
	_ schema.Annotation = Annotation{}
	_ schema.Merger     = Annotation{}
)
