package migrate_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

func asRead(t testing.TB, dir string) *migrate.Dir {
	t.Helper()
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// contents are all files of a folder, hidden ones too.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil && !e.IsDir() {
			t.Fatal(err)
		}
		all[e.Name()] = string(content)
	}
	return all
}

func TestReplaceWritesFilesAndSums(t *testing.T) {
	dir := three(t)
	if err := os.Chmod(filepath.Join(dir, "3_tags.up.sql"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"3_tags.up.sql": "SELECT 1;", "4_more.up.sql": "SELECT 2;", "4_more.down.sql": "SELECT 3;"}
	want := contents(t, dir)
	maps.Copy(want, files)
	if err := migrate.Replace(dir, asRead(t, dir), files); err != nil {
		t.Fatal(err)
	}
	if err := asRead(t, dir).Validate(); err != nil {
		t.Error(err)
	}
	got := contents(t, dir)
	for _, sum := range []string{"atlas.sum", "down.sum"} {
		if got[sum] == want[sum] {
			t.Errorf("%s is the old one", sum)
		}
		want[sum] = got[sum]
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if info, err := os.Stat(filepath.Join(dir, "3_tags.up.sql")); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v: a file keeps its mode", info.Mode(), err)
	}
}

func TestReplaceThatFailsLeavesTheDirectoryAsItWas(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir string) error
		files  map[string]string
		want   string
	}{
		"what came out is no directory in order": {
			files: map[string]string{"1_users.up.sql": "SELECT 1;", "4_more.up.sql": "-- plinth:parents 3 99\n", "4_more.down.sql": ""},
			want:  "names 99, which has no file",
		},
		"a second file of a version": {files: map[string]string{"3_x.up.sql": "", "1_users.up.sql": "SELECT 1;"}, want: "has the same version"},
		"a folder is in the way": {
			change: func(dir string) error { return os.MkdirAll(filepath.Join(dir, "4_more.up.sql", "x"), 0o700) },
			files:  map[string]string{"1_users.up.sql": "SELECT 1;", "4_more.up.sql": ""}, want: "4_more.up.sql",
		},
		"a name that is a path": {files: map[string]string{"../4_more.up.sql": ""}, want: "the name is not"},
		"no migration":          {files: map[string]string{"atlas.sum": ""}, want: "the name is not"},
		"sums that do not fit": {
			change: func(dir string) error {
				return os.WriteFile(filepath.Join(dir, "2_posts.up.sql"), []byte("SELECT 5;"), 0o600)
			},
			files: map[string]string{"3_tags.up.sql": "SELECT 1;"}, want: "edited",
		},
		"somebody was faster": {
			change: func(dir string) error {
				_, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "x"})
				return err
			},
			files: map[string]string{"3_tags.up.sql": "SELECT 1;"}, want: "was changed while this was tried",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := three(t)
			planned := asRead(t, dir)
			if c.change != nil {
				if err := c.change(dir); err != nil {
					t.Fatal(err)
				}
			}
			before := contents(t, dir)
			if err := migrate.Replace(dir, planned, c.files); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if after := contents(t, dir); !maps.Equal(after, before) {
				t.Errorf("got %v\nwant %v", after, before)
			}
		})
	}
}

func TestAddThatFailsLeavesBothSumsAsTheyWere(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "down.sum", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "a"}); err == nil {
		t.Fatal("want an error")
	}
	if after := contents(t, dir); len(after) != 1 {
		t.Errorf("left behind: %v", after)
	}
}
