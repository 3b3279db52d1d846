package migrate_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/plinth-db/plinth/migrate"
)

// FuzzReadDir reads directories, given as txtar archives. What is read without an error must be consistent in itself.
func FuzzReadDir(f *testing.F) {
	for _, seed := range []string{
		"",
		"-- 1_a.up.sql --\nSELECT 1;\n",
		"-- 1_a.up.sql --\nSELECT 1;\n-- 1_a.down.sql --\nSELECT 1;\n-- 2_b.up.sql --\n-- plinth:parents 1\nSELECT 2;\n-- 3_c.up.sql --\n-- plinth:parents 1\n",
		"-- 1_a.up.sql --\n-- plinth:parents 2\n-- 2_b.up.sql --\n-- plinth:parents 1\n",
		"-- 01_a.up.sql --\n-- 1_b.down.sql --\n-- x.sql --\n",
		"-- 1_a.up.sql --\n-- plinth:lock-timeout 1e99\n-- atlas:txmode none\nCOMMIT; BEGIN; DISCARD ALL\n-- 99999999999999999999999_x.y-z.up.sql --\n-- plinth:parents 1 1 1\n",
		"-- 1_a.down.sql --\n-- plinth:irreversible\n-- atlas.sum --\nh1:x\n1_a.up.sql h1:y\n-- down.sum --\n<<<<<<< a\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, archive []byte) {
		fsys := fstest.MapFS{}
		for _, file := range txtar.Parse(archive).Files {
			fsys[file.Name] = &fstest.MapFile{Data: file.Data}
		}
		d, err := migrate.ReadDir(fsys)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "migrate: ") {
				t.Fatalf("not one of ours: %v", err)
			}
			return
		}
		_, _ = d.Validate(), d.Check()
		if _, err := d.Head(); err == nil && len(d.Files()) > 0 && len(d.Heads()) != 1 {
			t.Fatalf("%d files, heads %v", len(d.Files()), d.Heads())
		}
		for _, file := range d.Files() {
			if d.Find(file.Version) != file {
				t.Fatalf("%s is not found", file.Version)
			}
			for _, p := range file.Parents {
				if d.Find(p) == nil {
					t.Fatalf("%s has the parent %s, which is no file", file.Version, p)
				}
			}
		}
	})
}

// FuzzSums puts a sum file beside two files: only the one that plinth hash writes is accepted.
func FuzzSums(f *testing.F) {
	dir := f.TempDir()
	files := fstest.MapFS{}
	for name, text := range map[string]string{"1_a.up.sql": "SELECT 1;", "1_a.down.sql": "SELECT 2;", "2_b.up.sql": "SELECT 3;"} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		f.Fatal(err)
	}
	good := map[string][]byte{}
	for _, name := range []string{"atlas.sum", "down.sum"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		good[name] = text
		for _, seed := range []string{string(text), "", "h1:", strings.ToUpper(string(text)), "<<<<<<< HEAD\n" + string(text) + "=======\n>>>>>>> b\n", strings.Replace(string(text), "1_a", "3_a", 1), string(text) + "9_z.up.sql h1:AAAA\n"} {
			f.Add([]byte(seed), name == "atlas.sum")
		}
	}
	f.Fuzz(func(t *testing.T, sum []byte, up bool) {
		fsys := fstest.MapFS{"atlas.sum": &fstest.MapFile{Data: good["atlas.sum"]}, "down.sum": &fstest.MapFile{Data: good["down.sum"]}}
		for name, file := range files {
			fsys[name] = file
		}
		name := "down.sum"
		if up {
			name = "atlas.sum"
		}
		fsys[name] = &fstest.MapFile{Data: sum}
		d, err := migrate.ReadDir(fsys)
		if err != nil {
			t.Fatalf("a sum file made the directory unreadable: %v", err)
		}
		err = d.Validate()
		if err == nil && withoutBlanks(sum) != withoutBlanks(good[name]) { // as Atlas reads it
			t.Fatalf("accepted %q", sum)
		}
		if _, ok := errors.AsType[*migrate.ChecksumError](err); err != nil && !ok {
			t.Fatalf("got %v", err)
		}
	})
}

func withoutBlanks(b []byte) string { return strings.Join(strings.Fields(string(b)), "") }
