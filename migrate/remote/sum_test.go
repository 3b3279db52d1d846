package remote_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plinth-db/plinth/migrate/remote"
)

func contents(tb testing.TB, fsys fs.FS) (names []string, total int) {
	tb.Helper()
	entries, err := fs.ReadDir(fsys, ".")
	must(tb, err)
	for _, e := range entries {
		data, err := fs.ReadFile(fsys, e.Name())
		must(tb, err)
		names, total = append(names, e.Name()), total+len(data)
	}
	return names, total
}

func asMap(entries []entry) fstest.MapFS {
	m := fstest.MapFS{}
	for _, e := range entries {
		m[e.name] = &fstest.MapFile{Data: []byte(e.body)}
	}
	return m
}

func TestPinned(t *testing.T) {
	t.Parallel()
	fsys := asMap(directory(t, ""))
	sum, err := remote.SumOf(fsys)
	must(t, err)
	first, _, _ := strings.Cut(string(fsys["atlas.sum"].Data), "\n")
	if sum.Up != first || sum.Down == "" {
		t.Fatalf("sum %v, atlas.sum begins with %s", sum, first)
	}
	for _, want := range []remote.Sum{sum, {Up: sum.Up}} {
		copied, err := remote.Pinned(fsys, want)
		must(t, err)
		fsys["1_users.up.sql"].Data = []byte("DROP DATABASE")
		if data, err := fs.ReadFile(copied, "1_users.up.sql"); err != nil || string(data) != "CREATE TABLE users ();\n" {
			t.Errorf("what was pinned has become %q, %v", data, err)
		}
		fsys["1_users.up.sql"].Data = []byte("CREATE TABLE users ();\n")
	}
}

func TestPinnedRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	good, err := remote.SumOf(asMap(directory(t, "")))
	must(t, err)
	set := func(name, body string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m[name] = &fstest.MapFile{Data: []byte(body)} }
	}
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		pin    remote.Sum
		want   string
	}{
		"another sum":          {func(fstest.MapFS) {}, remote.Sum{Up: good.Down}, "atlas.sum begins with"},
		"another down sum":     {func(fstest.MapFS) {}, remote.Sum{Up: good.Up, Down: good.Up}, "down.sum begins with"},
		"no sum":               {func(m fstest.MapFS) { delete(m, "atlas.sum") }, good, "atlas.sum: is missing"},
		"no down sum":          {func(m fstest.MapFS) { delete(m, "down.sum") }, good, "down.sum: is missing"},
		"the first line alone": {set("atlas.sum", good.Up+"\n"), good, "damaged"},
		"a line more":          {set("atlas.sum", good.Up+"\n9_x.up.sql h1:"+good.Up[3:]+"\n"), good, "damaged"},
		"an up file more":      {set("9_x.up.sql", "-- atlas:sum ignore\n\nDROP TABLE users;"), good, "9_x.up.sql: is not in atlas.sum"},
		"a down file more":     {set("9_x.down.sql", "-- atlas:sum ignore\n\nDROP TABLE users;"), good, "9_x.down.sql: is not in down.sum"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := asMap(directory(t, ""))
			c.change(m)
			_, err := remote.Pinned(m, c.pin)
			if _, ok := errors.AsType[*remote.SumError](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, not a SumError with %q", err, c.want)
			}
		})
	}
}

func TestParseSumRefuses(t *testing.T) {
	t.Parallel()
	good := "h1:" + strings.Repeat("A", 43) + "="
	for _, text := range []string{"", "h1:", good[3:], good + "x", good + ",", "," + good, good + "," + good + "," + good, good[:46], "h2" + good[2:]} {
		if s, err := remote.ParseSum(text); err == nil {
			t.Errorf("%q is read as %v", text, s)
		}
	}
	for _, text := range []string{good, good + "," + good, " " + good + " , " + good} {
		if _, err := remote.ParseSum(text); err != nil {
			t.Error(err)
		}
	}
}
