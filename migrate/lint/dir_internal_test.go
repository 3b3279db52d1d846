package lint

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plinth-db/plinth/migrate"
)

const good = "SELECT 1;\n"

// dirOf makes a directory of pairs of a name and a content, without sums.
func dirOf(t *testing.T, files ...string) *migrate.Dir {
	t.Helper()
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	dir, err := migrate.ReadDir(fs.FS(fsys))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func all(string) bool { return true }

// Rules about a directory: three that each finds, three that it passes over.
func TestDirRules(t *testing.T) {
	const parents = "-- plinth:parents "
	tests := []struct {
		rule  *Rule
		name  string
		found bool
		files []string
	}{
		{noDown, "one without", true, []string{"1_a.up.sql", good}},
		{noDown, "the second", true, []string{"1_a.up.sql", good, "1_a.down.sql", good, "2_b.up.sql", good}},
		{noDown, "of a version that has another's", true, []string{"1_a.up.sql", good, "3_a.up.sql", good, "3_a.down.sql", good}},
		{noDown, "both there", false, []string{"1_a.up.sql", good, "1_a.down.sql", good}},
		{noDown, "an empty down", false, []string{"1_a.up.sql", good, "1_a.down.sql", ""}},
		{noDown, "no migration", false, nil},
		{irreversible, "declared", true, []string{"1_a.up.sql", good, "1_a.down.sql", "-- plinth:irreversible rows are gone\n" + good}},
		{irreversible, "without a reason", true, []string{"1_a.up.sql", good, "1_a.down.sql", "-- plinth:irreversible\n" + good}},
		{irreversible, "the second", true, []string{"1_a.up.sql", good, "1_a.down.sql", good, "2_a.up.sql", good, "2_a.down.sql", "-- plinth:irreversible x\n"}},
		{irreversible, "not declared", false, []string{"1_a.up.sql", good, "1_a.down.sql", good}},
		{irreversible, "in the up file", false, []string{"1_a.up.sql", "COMMENT ON TABLE t IS '\n-- plinth:irreversible x\n';", "1_a.down.sql", good}},
		{irreversible, "in a statement", false, []string{"1_a.up.sql", good, "1_a.down.sql", good + "-- plinth:irreversible x\n"}},
		{outOfOrder, "follows a later one", true, []string{"1_a.up.sql", parents + "2\n" + good, "2_b.up.sql", "-- plinth:parents\n" + good}},
		{outOfOrder, "joins a later one", true, []string{"1_a.up.sql", good, "2_j.up.sql", parents + "1 3\n" + good, "3_b.up.sql", parents + "1\n" + good}},
		{outOfOrder, "by number", true, []string{"9_a.up.sql", parents + "10\n" + good, "10_b.up.sql", "-- plinth:parents\n" + good}},
		{outOfOrder, "in order", false, []string{"1_a.up.sql", good, "2_b.up.sql", good}},
		{outOfOrder, "joined in order", false, []string{"1_a.up.sql", good, "2_b.up.sql", parents + "1\n" + good, "3_c.up.sql", parents + "1\n" + good, "4_j.up.sql", parents + "2 3\n" + good}},
		{outOfOrder, "ten after nine", false, []string{"9_a.up.sql", good, "10_b.up.sql", parents + "9\n" + good}},
		{heads, "two", true, []string{"1_a.up.sql", good, "2_b.up.sql", parents + "1\n" + good, "3_c.up.sql", parents + "1\n" + good}},
		{heads, "three", true, []string{"1_a.up.sql", good, "2_b.up.sql", parents + "1\n" + good, "3_c.up.sql", parents + "1\n" + good, "4_d.up.sql", parents + "1\n" + good}},
		{heads, "two roots", true, []string{"1_a.up.sql", good, "2_b.up.sql", "-- plinth:parents\n" + good}},
		{heads, "joined", false, []string{"1_a.up.sql", good, "2_b.up.sql", parents + "1\n" + good, "3_c.up.sql", parents + "1\n" + good, "4_j.up.sql", parents + "2 3\n" + good}},
		{heads, "a line", false, []string{"1_a.up.sql", good, "2_b.up.sql", good}},
		{heads, "none", false, nil},
		{sums, "missing", true, []string{"1_a.up.sql", good}},
		{sums, "damaged", true, []string{"1_a.up.sql", good, "atlas.sum", "nonsense", "down.sum", ""}},
		{sums, "a down without an up", true, []string{"1_a.down.sql", good}},
		{sums, "no migration", false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.rule.Name+"/"+tt.name, func(t *testing.T) {
			found := false
			for _, f := range Dir(dirOf(t, tt.files...), all) {
				found = found || f.Rule == tt.rule
				if f.Message == "" || strings.Contains(f.Message, "migrate:") {
					t.Errorf("message %q", f.Message)
				}
			}
			if found != tt.found {
				t.Errorf("found is %v, want %v", found, tt.found)
			}
		})
	}
}

func TestSumsAfterAnEdit(t *testing.T) {
	folder := t.TempDir()
	write := func(up string) *migrate.Dir {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, "1_a.up.sql"), []byte(up), 0o600); err != nil {
			t.Fatal(err)
		}
		dir, err := migrate.ReadDir(os.DirFS(folder))
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}
	write(good)
	if err := migrate.Hash(folder); err != nil {
		t.Fatal(err)
	}
	count := func(dir *migrate.Dir) (n int) {
		for _, f := range Dir(dir, all) {
			if f.Rule == sums {
				n++
			}
		}
		return n
	}
	if n := count(write(good)); n != 0 {
		t.Errorf("%d findings without a change", n)
	}
	if n := count(write(good + "SELECT 2;\n")); n != 1 {
		t.Errorf("%d findings after an edit", n)
	}
}

func TestEditedOldFiles(t *testing.T) {
	if got := Edited([]string{"1_a.up.sql"}, []string{"2_b.up.sql", "2_b.down.sql"}); len(got) != 3 || got[0].Severity != Error || got[2].File != "2_b.down.sql" {
		t.Errorf("%+v", got)
	}
	if got := Edited(nil, nil); got != nil {
		t.Errorf("%+v", got)
	}
}
