// Package plinth holds the annotations that schema code uses to say what Ent's own vocabulary cannot. It imports
// nothing but Ent's annotation interface, so that a schema package stays light.
package plinth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"entgo.io/ent/schema"
)

// AnnotationName is the key under which Ent's codegen graph keeps an [Annotation] of a field or an entity.
const AnnotationName = "Plinth"

// Annotation is the serialised form of what this package's functions declare. Schema code calls the functions;
// only the planner reads the struct. Several annotations in one place are merged, the later one winning.
type Annotation struct {
	// NativeEnum marks an enum field as a PostgreSQL enum type. Nil means Ent's default, a varchar column.
	NativeEnum *NativeEnumSpec `json:"native_enum,omitempty"`
	// RenamedFrom is the earlier name; empty for none.
	RenamedFrom string `json:"renamed_from,omitempty"`
	// RenamedValues are values of an enum field that had other names.
	RenamedValues []RenamedValueSpec `json:"renamed_values,omitempty"`
	// RemovedValues are values that an enum field had, with what rows that hold them get.
	RemovedValues []RemovedValueSpec `json:"removed_values,omitempty"`
	// Using converts the values of a column whose type changes. Nil means PostgreSQL's cast.
	Using *UsingSpec `json:"using,omitempty"`
	// Generated is the expression that computes a column; empty for a column with values of its own.
	Generated string `json:"generated,omitempty"`
	// IndexExpr are the keys of an index, in the place of its fields.
	IndexExpr []string `json:"index_expr,omitempty"`
	// NullsNotDistinct makes a unique index take NULLs for equal.
	NullsNotDistinct bool `json:"nulls_not_distinct,omitempty"`
	// Deferrable makes a constraint wait for the end of the transaction. Nil means that it does not.
	Deferrable *DeferrableSpec `json:"deferrable,omitempty"`
	// Excludes are exclusion constraints of an entity.
	Excludes []ExcludeSpec `json:"excludes,omitempty"`
	// OnUpdate is the action of a foreign key when the referenced key changes; empty for none.
	OnUpdate string `json:"on_update,omitempty"`
}

// RenamedValueSpec is one value of an enum field.
type RenamedValueSpec struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// RemovedValueSpec is one value that an enum field has no more.
type RemovedValueSpec struct {
	Old         string `json:"old"`
	Replacement string `json:"replacement"`
}

// UsingSpec are the expressions that convert a column, there and back.
type UsingSpec struct {
	Up   string `json:"up"`
	Down string `json:"down,omitempty"`
}

// DeferrableSpec says when a deferrable constraint is checked unless SET CONSTRAINTS says otherwise.
type DeferrableSpec struct {
	Initially bool `json:"initially,omitempty"`
}

// ExcludeSpec is one exclusion constraint.
type ExcludeSpec struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
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

// RenamedFrom says that an entity, a field, an edge or an index had another name in the schema code, so that plinth diff renames the table,
// the column, the enum type, and what is named after them, and keeps the rows. old is the earlier Ent name ("User", "nickname",
// "posts"), of an index its name in the database; where no table or column of the name that Ent makes of it is found, it is taken as the name in the database. It can
// stay in the schema: once the old name is gone, it says nothing.
func RenamedFrom(old string) Annotation { return Annotation{RenamedFrom: old} }

// RenamedValue says that a value of an enum field with [NativeEnum] had another name, so that rows which hold it keep it under the
// new one. For several values, give several annotations. It can stay in the schema.
func RenamedValue(old, new string) Annotation { //nolint:predeclared,revive // the contract's names
	return Annotation{RenamedValues: []RenamedValueSpec{{Old: old, New: new}}}
}

// RemovedValue says what rows get that hold a value which an enum field with [NativeEnum] has no more; the field must have the
// replacement. Without it a migration that takes a value away fails, before it does anything, while a row holds the value. The way
// back cannot tell which rows held it. For several values, give several annotations. It can stay in the schema.
func RemovedValue(old, replacement string) Annotation {
	return Annotation{RemovedValues: []RemovedValueSpec{{Old: old, Replacement: replacement}}}
}

// Using gives the SQL expression that converts a column when its type changes, for types that PostgreSQL has no cast between or whose
// cast does something else: Using("length(code)"). The expression names the column as the database does. back converts the other way
// in the down file; without it that is PostgreSQL's cast, or the value's text where there is none. It serves every change of the
// field's type, so remove it once its migration is written.
func Using(expr string, back ...string) Annotation {
	spec := UsingSpec{Up: expr}
	if len(back) > 0 {
		spec.Down = back[0]
	}
	return Annotation{Using: &spec}
}

// Generated makes a field's column GENERATED ALWAYS AS (expr) STORED. PostgreSQL refuses to write such a column, so the field should be
// Optional, and nothing may set it.
func Generated(expr string) Annotation { return Annotation{Generated: expr} }

// IndexExpr gives an index these keys in the place of its fields, each as it stands in CREATE INDEX: "lower(email)",
// "created_at DESC NULLS LAST", "(first || last) text_pattern_ops". Ent wants a field in index.Fields all the same, and names the
// index after it unless StorageKey does.
func IndexExpr(keys ...string) Annotation { return Annotation{IndexExpr: keys} }

// NullsNotDistinct makes a unique index take NULLs for equal, so that there is one at most. It needs PostgreSQL 15.
func NullsNotDistinct() Annotation { return Annotation{NullsNotDistinct: true} }

// Deferrable makes the foreign key of an edge, or a unique field or index, DEFERRABLE: SET CONSTRAINTS can put its check off to the
// end of a transaction, and initially puts it there from the beginning. A unique index becomes a constraint of the same name, which
// ON CONFLICT cannot use.
func Deferrable(initially bool) Annotation {
	return Annotation{Deferrable: &DeferrableSpec{Initially: initially}}
}

// Exclude gives an entity's table an exclusion constraint. definition is what follows EXCLUDE, without DEFERRABLE:
// "USING gist (room WITH =, during WITH &&)". What it needs beyond PostgreSQL's own, such as the extension btree_gist, is installed in a
// migration by hand before.
func Exclude(name, definition string) Annotation {
	return Annotation{Excludes: []ExcludeSpec{{Name: name, Definition: definition}}}
}

// OnUpdate is what the foreign key of an edge does when the key that it references changes: "CASCADE", "SET NULL", "SET DEFAULT",
// "RESTRICT" or "NO ACTION", the default.
func OnUpdate(action string) Annotation { return Annotation{OnUpdate: action} }

// Name implements [schema.Annotation].
func (Annotation) Name() string { return AnnotationName }

// Merge implements [schema.Merger], so that several Plinth annotations can stand on one field.
func (a Annotation) Merge(other schema.Annotation) schema.Annotation {
	o, ok := other.(Annotation)
	if !ok {
		return a
	}
	a.NativeEnum = cmp.Or(o.NativeEnum, a.NativeEnum)
	a.RenamedFrom = cmp.Or(o.RenamedFrom, a.RenamedFrom)
	a.RenamedValues = slices.Concat(a.RenamedValues, o.RenamedValues)
	a.RemovedValues = slices.Concat(a.RemovedValues, o.RemovedValues)
	a.Using = cmp.Or(o.Using, a.Using)
	a.Generated = cmp.Or(o.Generated, a.Generated)
	if len(o.IndexExpr) > 0 {
		a.IndexExpr = o.IndexExpr
	}
	a.NullsNotDistinct = a.NullsNotDistinct || o.NullsNotDistinct
	a.Deferrable = cmp.Or(o.Deferrable, a.Deferrable)
	a.Excludes = slices.Concat(a.Excludes, o.Excludes)
	a.OnUpdate = cmp.Or(o.OnUpdate, a.OnUpdate)
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
