package plinth_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/plinth-db/plinth"
)

func TestDecodeReadsWhatTheSchemaDeclared(t *testing.T) {
	for name, tc := range map[string]struct {
		annotation plinth.Annotation
		want       string
	}{
		"named":   {plinth.NativeEnum("article_status"), "article_status"},
		"default": {plinth.NativeEnum(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(map[string]any{plinth.AnnotationName: tc.annotation})
			if err != nil {
				t.Fatal(err)
			}
			var graph map[string]any // as Ent's codegen holds it after loading the schema
			if err := json.Unmarshal(data, &graph); err != nil {
				t.Fatal(err)
			}
			got, err := plinth.Decode(graph)
			if err != nil {
				t.Fatal(err)
			}
			if got.NativeEnum == nil || got.NativeEnum.Type != tc.want {
				t.Fatalf("got %+v, want type %q", got.NativeEnum, tc.want)
			}
		})
	}
}

func TestDecodeWithoutAnnotationIsZero(t *testing.T) {
	got, err := plinth.Decode(nil)
	if err != nil || !reflect.DeepEqual(got, plinth.Annotation{}) {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestDecodeRefusesForeignData(t *testing.T) {
	if _, err := plinth.Decode(map[string]any{plinth.AnnotationName: "text"}); err == nil {
		t.Fatal("want an error for an annotation of another shape")
	}
}

func TestMergeKeepsTheLaterDeclaration(t *testing.T) {
	got := plinth.NativeEnum("a").Merge(plinth.NativeEnum("b")).(plinth.Annotation)
	if got.NativeEnum.Type != "b" {
		t.Fatalf("got %q, want b", got.NativeEnum.Type)
	}
	got = plinth.NativeEnum("a").Merge(plinth.Annotation{}).(plinth.Annotation)
	if got.NativeEnum == nil || got.NativeEnum.Type != "a" {
		t.Fatalf("an empty annotation erased the enum: %+v", got)
	}
}

func TestAnnotationsOfOneFieldAddUp(t *testing.T) {
	all := plinth.NativeEnum("mood").Merge(plinth.RenamedFrom("humour")).(plinth.Annotation).
		Merge(plinth.RenamedValue("a", "b")).(plinth.Annotation).Merge(plinth.RenamedValue("c", "d"))
	want := plinth.Annotation{
		NativeEnum: &plinth.NativeEnumSpec{Type: "mood"}, RenamedFrom: "humour",
		RenamedValues: []plinth.RenamedValueSpec{{Old: "a", New: "b"}, {Old: "c", New: "d"}},
	}
	if !reflect.DeepEqual(all, want) {
		t.Fatalf("got %+v", all)
	}
}

// TestEveryAnnotationSurvivesTheGraph: Ent hands annotations on as JSON, and merges those of one place.
func TestEveryAnnotationSurvivesTheGraph(t *testing.T) {
	all := plinth.Annotation{}.Merge(plinth.Using("a", "b")).(plinth.Annotation)
	for _, a := range []plinth.Annotation{
		plinth.RemovedValue("a", "b"), plinth.Generated("x + 1"), plinth.IndexExpr("lower(x)", "y DESC"), plinth.NullsNotDistinct(),
		plinth.Deferrable(true), plinth.Exclude("apart", "USING gist (x WITH =)"), plinth.OnUpdate("CASCADE"), plinth.RemovedValue("c", "d"),
		plinth.Exclude("apart_too", "(y WITH =)"),
		{},
	} {
		all = all.Merge(a).(plinth.Annotation)
	}
	want := plinth.Annotation{
		Using: &plinth.UsingSpec{Up: "a", Down: "b"}, Generated: "x + 1", IndexExpr: []string{"lower(x)", "y DESC"}, NullsNotDistinct: true,
		Deferrable: &plinth.DeferrableSpec{Initially: true}, OnUpdate: "CASCADE",
		RemovedValues: []plinth.RemovedValueSpec{{Old: "a", Replacement: "b"}, {Old: "c", Replacement: "d"}},
		Excludes:      []plinth.ExcludeSpec{{Name: "apart", Definition: "USING gist (x WITH =)"}, {Name: "apart_too", Definition: "(y WITH =)"}},
	}
	data, err := json.Marshal(map[string]any{plinth.AnnotationName: all})
	if err != nil {
		t.Fatal(err)
	}
	var graph map[string]any
	if err := json.Unmarshal(data, &graph); err != nil {
		t.Fatal(err)
	}
	if got, err := plinth.Decode(graph); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
}
