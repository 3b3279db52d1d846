package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/plinth-db/plinth/migrate/catalog"
)

func TestCompareOfSmallSnapshots(t *testing.T) {
	a, b := catalog.Object{Kind: "table", Schema: "s", Name: "a"}, catalog.Object{Kind: "table", Schema: "s", Name: "b"}
	a2, moved := a, a
	a2.Def, moved.Order = "unlogged", 7
	cases := []struct {
		name     string
		from, to []catalog.Object
		want     []string
	}{
		{"nothing and nothing", nil, nil, nil},
		{"nothing and one", nil, []catalog.Object{a}, []string{"added table s.a"}},
		{"one and nothing", []catalog.Object{a}, nil, []string{"removed table s.a"}},
		{"the same", []catalog.Object{a, b}, []catalog.Object{a, b}, nil},
		{"another definition", []catalog.Object{a, b}, []catalog.Object{a2, b}, []string{"altered table s.a"}},
		{"another place", []catalog.Object{a}, []catalog.Object{moved}, nil},
		{"another name", []catalog.Object{a}, []catalog.Object{b}, []string{"removed table s.a", "added table s.b"}},
		{"one more at the end", []catalog.Object{a}, []catalog.Object{a, b}, []string{"added table s.b"}},
		{"one more at the start", []catalog.Object{b}, []catalog.Object{a, b}, []string{"added table s.a"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			checkChanges(t, &catalog.Snapshot{Objects: c.from}, &catalog.Snapshot{Objects: c.to}, c.want)
		})
	}
}

// Applying the changes to from gives to, whatever the two are.
func TestChangesLeadFromOneSnapshotToTheOther(t *testing.T) {
	snapshots := rapid.Custom(func(t *rapid.T) *catalog.Snapshot {
		defs := rapid.MapOfN(rapid.StringMatching(`[ab]\.[a-c]\.[a-e]`), rapid.StringMatching(`[xy]?`), 0, 12).Draw(t, "defs")
		return snapshotOf(defs)
	})
	rapid.Check(t, func(t *rapid.T) {
		from, to := snapshots.Draw(t, "from"), snapshots.Draw(t, "to")
		state := map[string]string{}
		for _, o := range from.Objects {
			state[o.Kind+"."+o.Schema+"."+o.Name] = o.Def
		}
		for _, c := range catalog.Compare(from, to) {
			key := c.Object.Kind + "." + c.Object.Schema + "." + c.Object.Name
			if def, ok := state[key]; ok == (c.Change == catalog.Added) || def != c.Before {
				t.Fatalf("%s of an object that was %q, %v", c, def, ok)
			}
			if state[key] = c.After; c.Change == catalog.Removed {
				delete(state, key)
			}
		}
		if got := snapshotOf(state); !slices.Equal(got.Objects, to.Objects) {
			t.Fatalf("the changes lead to %v, not to %v", got.Objects, to.Objects)
		}
	})
}

// snapshotOf makes objects of "kind.schema.name" and definition.
func snapshotOf(defs map[string]string) *catalog.Snapshot {
	s := &catalog.Snapshot{}
	for key, def := range defs {
		part := strings.Split(key, ".")
		s.Objects = append(s.Objects, catalog.Object{Kind: part[0], Schema: part[1], Name: part[2], Def: def})
	}
	slices.SortFunc(s.Objects, func(a, b catalog.Object) int { return strings.Compare(a.String(), b.String()) })
	return s
}

func TestNamesAreQuotedWhereSQLNeedsIt(t *testing.T) {
	for _, c := range []struct {
		object catalog.Object
		want   string
	}{
		{catalog.Object{Kind: "extension", Name: "hstore"}, "extension hstore"},
		{catalog.Object{Kind: "table", Schema: "public", Name: "t"}, "table public.t"},
		{catalog.Object{Kind: "table", Schema: "", Name: `"a b"`}, `table "a b"`},
		{catalog.Object{Kind: "table", Schema: "A b", Name: "t"}, `table "A b".t`},
		{catalog.Object{Kind: "table", Schema: `a"b`, Name: "t"}, `table "a""b".t`},
		{catalog.Object{Kind: "table", Schema: "1a", Name: "t"}, `table "1a".t`},
		{catalog.Object{Kind: "default privileges", Schema: "app", Name: "FOR a ON TABLES"}, "default privileges FOR a ON TABLES IN SCHEMA app"},
		{catalog.Object{Kind: "privileges", Schema: "app", Name: "table app.t"}, "privileges table app.t"},
	} {
		if got := c.object.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
