package migrate_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ariga.io/atlas/sql/sqltool"

	"github.com/plinth-db/plinth/migrate"
)

func TestReadDirRefusesWhatItCannotOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		files []string
		want  string
	}{
		"no version":          {[]string{"users.up.sql"}, "users.up.sql: the name is not"},
		"no direction":        {[]string{"1_users.sql"}, "1_users.sql: the name is not"},
		"same version":        {[]string{"1_a.up.sql", "1_b.up.sql"}, "same version as"},
		"same number":         {[]string{"1_a.up.sql", "01_b.up.sql"}, "same version as"},
		"down of other name":  {[]string{"1_a.up.sql", "1_b.down.sql"}, "same version as"},
		"dots and hyphens ok": {[]string{"1_v1.2-x.up.sql", "1_v1.2-x.down.sql"}, ""},
		"other files ok":      {[]string{"README.md", "1_a.up.sql"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for _, f := range tc.files {
				fsys[f] = &fstest.MapFile{}
			}
			_, err := migrate.ReadDir(fsys)
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestDownWithoutUpIsReportedByValidate(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "1_a.down.sql", "")
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"validate": d.Validate(), "hash": migrate.Hash(dir)} {
		if err == nil || !strings.Contains(err.Error(), "1_a.down.sql: has no up file") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestReadDirOfMissingDirectorySaysHowToMakeOne(t *testing.T) {
	_, err := migrate.ReadDir(os.DirFS(filepath.Join(t.TempDir(), "absent")))
	if !errors.Is(err, migrate.ErrNoDir) || !strings.Contains(err.Error(), "plinth new") {
		t.Fatalf("got %v", err)
	}
}

func TestEmptyDirectoryIsValid(t *testing.T) {
	d, err := migrate.ReadDir(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	if head, err := d.Head(); d.Validate() != nil || head != "" || err != nil {
		t.Fatal(d.Validate(), head, err)
	}
}

func TestVersionsAreComparedAsNumbers(t *testing.T) {
	d, err := migrate.ReadDir(fstest.MapFS{"10_c.up.sql": {}, "9_b.up.sql": {}, "008_a.up.sql": {}, "123456789012345678901234567890_d.up.sql": {}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range d.Files() {
		got = append(got, f.Version)
	}
	if s := strings.Join(got, " "); s != "008 9 10 123456789012345678901234567890" {
		t.Fatalf("order: %s", s)
	}
	if d.Find("8") == nil || d.Find("0010") == nil {
		t.Fatal("versions with other leading zeros were not found")
	}
}

func TestLineage(t *testing.T) {
	sql := func(parents string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("-- plinth:parents " + parents + "\n")}
	}
	for name, tc := range map[string]struct {
		fsys fstest.MapFS
		want string // heads, or a part of the error
	}{
		"linear":          {fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": {}}, "2"},
		"branches":        {fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": sql("1"), "3_c.up.sql": sql("1")}, "2 3"},
		"merged":          {fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": sql("1"), "3_c.up.sql": sql("1"), "4_d.up.sql": sql("2 3")}, "4"},
		"unknown parent":  {fstest.MapFS{"2_b.up.sql": sql("1")}, "atlas.sum is missing"},
		"circle":          {fstest.MapFS{"1_a.up.sql": sql("2"), "2_b.up.sql": sql("1")}, "circle"},
		"itself":          {fstest.MapFS{"1_a.up.sql": sql("1")}, "circle"},
		"two directives":  {fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": {Data: []byte("-- plinth:parents 1\n-- plinth:parents 1\n")}}, "two plinth:parents"},
		"not in the head": {fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": {Data: []byte("SELECT 1;\n-- plinth:parents 9\n")}}, "2"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := migrate.ReadDir(tc.fsys)
			if err == nil && strings.HasPrefix(name, "unknown") {
				err = d.Validate() // status, history and heads go on
			}
			if err != nil {
				if !strings.Contains(err.Error(), tc.want) {
					t.Fatalf("got %v, want %q", err, tc.want)
				}
				return
			}
			if got := strings.Join(d.Heads(), " "); got != tc.want {
				t.Fatalf("heads %q, want %q", got, tc.want)
			}
		})
	}
}

// TestEveryChangeBehindTheSumsIsFound is the list: edited, added, removed, renamed, in either sum file.
func TestEveryChangeBehindTheSumsIsFound(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(t *testing.T, dir string)
		want   []string
	}{
		"up edited":    {func(t *testing.T, dir string) { writeFile(t, dir, "2_posts.up.sql", "SELECT 1;") }, []string{"2_posts.up.sql was edited (atlas.sum)"}},
		"down edited":  {func(t *testing.T, dir string) { writeFile(t, dir, "2_posts.down.sql", "SELECT 1;") }, []string{"2_posts.down.sql was edited (down.sum)"}},
		"up added":     {func(t *testing.T, dir string) { writeFile(t, dir, "4_x.up.sql", "SELECT 1;") }, []string{"4_x.up.sql was added (atlas.sum)"}},
		"down removed": {func(t *testing.T, dir string) { remove(t, dir, "3_tags.down.sql") }, []string{"3_tags.down.sql was removed (down.sum)"}},
		"both removed": {func(t *testing.T, dir string) {
			remove(t, dir, "3_tags.up.sql")
			remove(t, dir, "3_tags.down.sql")
		}, []string{"3_tags.up.sql was removed (atlas.sum)", "3_tags.down.sql was removed (down.sum)"}},
		"renamed": {func(t *testing.T, dir string) {
			for _, side := range []string{"up", "down"} {
				if err := os.Rename(filepath.Join(dir, "3_tags."+side+".sql"), filepath.Join(dir, "3_labels."+side+".sql")); err != nil {
					t.Fatal(err)
				}
			}
		}, []string{"3_tags.up.sql was removed", "3_labels.up.sql was added", "3_tags.down.sql was removed", "3_labels.down.sql was added"}},
		"up sum missing":   {func(t *testing.T, dir string) { remove(t, dir, "atlas.sum") }, []string{"atlas.sum is missing"}},
		"down sum missing": {func(t *testing.T, dir string) { remove(t, dir, "down.sum") }, []string{"down.sum is missing"}},
		"merge conflict":   {func(t *testing.T, dir string) { writeFile(t, dir, "atlas.sum", "<<<<<<< HEAD\n") }, []string{"merge conflict"}},
		"parent removed": {func(t *testing.T, dir string) {
			writeFile(t, dir, "4_d.up.sql", "-- plinth:parents 9\n")
			if err := migrate.Hash(dir); err == nil || !strings.Contains(err.Error(), "names 9, which has no file here") {
				t.Errorf("hash: %v", err)
			}
		}, []string{"4_d.up.sql was added"}},
		"sum damaged": {func(t *testing.T, dir string) { writeFile(t, dir, "atlas.sum", "garbage\n") }, []string{"atlas.sum is damaged"}},
		"sum line edited": {func(t *testing.T, dir string) {
			data, err := os.ReadFile(filepath.Join(dir, "atlas.sum"))
			if err != nil {
				t.Fatal(err)
			}
			writeFile(t, dir, "atlas.sum", strings.Replace(string(data), "h1:", "h1:x", 1))
		}, []string{"atlas.sum was edited"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := three(t)
			tc.change(t, dir)
			db := database(t)
			for what, run := range map[string]func(*migrate.Migrator) error{
				"up":    func(m *migrate.Migrator) error { _, err := m.Up(t.Context()); return err },
				"down":  func(m *migrate.Migrator) error { _, err := m.Down(t.Context()); return err },
				"stamp": func(m *migrate.Migrator) error { _, err := m.Stamp(t.Context(), "head"); return err },
			} {
				err := run(migrator(t, db, dir))
				if _, ok := errors.AsType[*migrate.ChecksumError](err); !ok {
					t.Fatalf("%s: got %v, want a ChecksumError", what, err)
				}
				for _, want := range tc.want {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("%s: %q is not in: %v", what, want, err)
					}
				}
			}
			st, err := migrator(t, db, dir).Status(t.Context())
			if err != nil || st.SumError == nil {
				t.Errorf("status: %v; it has to go on and report", err)
			}
			if tables(t, db) != "" {
				t.Error("something ran")
			}
		})
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func TestUpSumIsAtlass(t *testing.T) {
	dir := three(t)
	atlas, err := sqltool.NewGolangMigrateDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum, err := atlas.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	want, err := sum.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "atlas.sum"))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAddContinuesTheLineageAndTheSums(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "migrations")
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	first, err := migrate.Add(dir, now, migrate.NewFile{Name: "a", Up: "SELECT 1;\n", Down: "SELECT 2;\n"}, migrate.NewFile{Name: "b"})
	if err != nil {
		t.Fatal(err)
	}
	if first[0].Version != "20261122100000" || first[1].Version != "20261122100001" {
		t.Fatalf("versions %s, %s", first[0].Version, first[1].Version)
	}
	if _, err := migrate.Add(dir, now.Add(-time.Hour), migrate.NewFile{Name: "c"}); err != nil {
		t.Fatal(err)
	}
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil || d.Validate() != nil {
		t.Fatal(err, d.Validate())
	}
	if head, err := d.Head(); head != "20261122100002" || err != nil {
		t.Fatalf("head %q, %v: a new version is after the last", head, err)
	}
	if got := d.Find("20261122100001").Parents; len(got) != 1 || got[0] != "20261122100000" {
		t.Fatalf("parents %v", got)
	}
}

func TestAddAfterRefusesWhenSomebodyWasFaster(t *testing.T) {
	dir := three(t)
	if _, err := migrate.AddAfter(dir, time.Now(), "2", migrate.NewFile{Name: "late"}); err == nil || !strings.Contains(err.Error(), "plan again") {
		t.Fatalf("got %v", err)
	}
	if _, err := migrate.AddAfter(dir, time.Now(), "3", migrate.NewFile{Name: "next"}); err != nil {
		t.Fatal(err)
	}
}

func TestAddCountsOnInAForeignDirectory(t *testing.T) {
	dir := directory(t, "0009_x.up.sql", "SELECT 1;", "99999999999999_y.up.sql", "SELECT 1;")
	files, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "z"})
	if err != nil || files[0].Version != "100000000000000" {
		t.Fatalf("%+v, %v", files, err)
	}
}

func TestAddRefusesNamesThatAreNoFileNames(t *testing.T) {
	for _, name := range []string{"", "two words", "../up", "a/b", `a\b`, "-x", "a.b", "ä", strings.Repeat("x", 101)} {
		if _, err := migrate.Add(t.TempDir(), time.Now(), migrate.NewFile{Name: name}); err == nil {
			t.Errorf("%q was accepted", name)
		}
	}
}

func TestAddLeavesNothingBehindWhenItFails(t *testing.T) {
	if os.Geteuid() == 0 {
		// root ignores permissions; a directory in the place of the sum file fails for everyone
		dir := t.TempDir()
		if err := os.MkdirAll(filepath.Join(dir, "down.sum", "x"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "a"}); err == nil {
			t.Fatal("want an error")
		}
		entries, err := filepath.Glob(filepath.Join(dir, "*.sql"))
		if err != nil || len(entries) != 0 {
			t.Fatalf("left behind: %v, %v", entries, err)
		}
		return
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.Add(dir, time.Now(), migrate.NewFile{Name: "a"}); !errors.Is(err, os.ErrPermission) {
		t.Fatalf("got %v", err)
	}
}

func TestFollowedIsTheDirectoryWithOneMoreMigration(t *testing.T) {
	fsys := os.DirFS(directory(t, "1_a.up.sql", "SELECT 1;", "3_b.up.sql", "SELECT 2;"))
	d, err := migrate.ReadDir(fsys)
	if err != nil {
		t.Fatal(err)
	}
	more, f, err := d.Followed("text", "-- plinth:parents 1 9\nSELECT 3;")
	if err != nil {
		t.Fatal(err)
	}
	if head, err := more.Head(); head != f.Version || err != nil || more.Validate() != nil {
		t.Errorf("head %q, %v, %v", head, err, more.Validate())
	}
	if got := more.Ancestors(f.Version); !slices.Equal(got, []string{"1", "3", f.Version}) || more.Find(f.Version) != f || len(more.Files()) != 3 {
		t.Errorf("it follows %v", got)
	}
	if head, err := d.Head(); head != "3" || err != nil || len(d.Files()) != 2 || d.Find(f.Version) != nil {
		t.Errorf("the directory itself was changed: head %q, %v", head, err)
	}
	empty, err := migrate.ReadDir(fstest.MapFS{})
	if err != nil {
		t.Fatal(err)
	}
	if more, f, err = empty.Followed("text", "SELECT 1;"); err != nil || len(f.Parents) != 0 || len(more.Ordered()) != 1 {
		t.Errorf("after nothing: %v, %v", f, err)
	}
	heads, err := migrate.ReadDir(fstest.MapFS{"1_a.up.sql": {}, "2_b.up.sql": {Data: []byte("-- plinth:parents\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := heads.Followed("text", ""); err == nil {
		t.Error("several heads were not refused")
	}
}
