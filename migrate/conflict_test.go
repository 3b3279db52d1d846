package migrate_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

// forked is a directory as git leaves it after merging two branches: 2 on ours, 3 on theirs, and both sum files in conflict.
func forked(t *testing.T, style string) string {
	t.Helper()
	files := map[string]string{
		"1_a.up.sql": "CREATE TABLE a ();", "1_a.down.sql": "DROP TABLE a;",
		"2_b.up.sql": "-- plinth:parents 1\n\nCREATE TABLE b ();", "2_b.down.sql": "DROP TABLE b;",
		"3_c.up.sql": "-- plinth:parents 1\n\nCREATE TABLE c ();", "3_c.down.sql": "DROP TABLE c;",
	}
	side := func(versions string) string {
		var list []string
		for name, content := range files {
			if strings.Contains(versions, name[:1]) {
				list = append(list, name, content)
			}
		}
		return directory(t, list...)
	}
	base, ours, theirs, dir := side("1"), side("12"), side("13"), side("123")
	for _, sum := range []string{"atlas.sum", "down.sum"} {
		writeFile(t, dir, sum, conflict(read(t, base, sum), read(t, ours, sum), read(t, theirs, sum), style))
	}
	return dir
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// conflict is what git writes. Lines are: total, 1, 2 or 3; git keeps 1 outside of the conflicts.
func conflict(base, ours, theirs, style string) string {
	o, h, b := strings.SplitAfter(ours, "\n"), strings.SplitAfter(theirs, "\n"), strings.SplitAfter(base, "\n")
	middle := func(lines string) string {
		if style == "diff3" {
			return "||||||| 1234567\n" + lines
		}
		return ""
	}
	return "<<<<<<< HEAD\n" + o[0] + middle(b[0]) + "=======\n" + h[0] + ">>>>>>> theirs\n" + o[1] +
		"<<<<<<< HEAD\n" + o[2] + middle("") + "=======\n" + h[2] + ">>>>>>> theirs\n"
}

func TestSumFilesInConflictAreReadAsTwo(t *testing.T) {
	for _, style := range []string{"merge", "diff3"} {
		dir := forked(t, style)
		d, err := migrate.ReadDir(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Validate(); err == nil || !strings.Contains(err.Error(), "merge conflict") {
			t.Errorf("Validate: %v", err)
		}
		if err := d.ValidateMerged(); err != nil {
			t.Fatalf("%s: %v", style, err)
		}
		f, err := migrate.Join(dir, time.Now(), "join", d, "2", "3")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.Up, "-- plinth:parents 2 3\n-- Joins") {
			t.Errorf("the file is\n%s", f.Up)
		}
		if d, err = migrate.ReadDir(os.DirFS(dir)); err != nil || d.Validate() != nil {
			t.Fatalf("%v, %v", err, d.Validate())
		}
		if head, err := d.Head(); err != nil || head != f.Version {
			t.Errorf("head %s, %v", head, err)
		}
	}
}

func TestSumFilesInConflictThatFitNoFilesAreRefused(t *testing.T) {
	tests := []struct {
		name   string
		change func(dir string)
		want   string
	}{
		{"an edited file of one side", func(dir string) { writeFile(t, dir, "3_c.up.sql", "-- plinth:parents 1\n\nCREATE TABLE d ();") }, "3_c.up.sql was edited (atlas.sum, second side"},
		{"an edited file of both", func(dir string) { writeFile(t, dir, "1_a.up.sql", "CREATE TABLE d ();") }, "1_a.up.sql was edited (atlas.sum, first side"},
		{"an edited down", func(dir string) { writeFile(t, dir, "2_b.down.sql", "SELECT 1") }, "2_b.down.sql was edited (down.sum, first side"},
		{"a file that neither knows", func(dir string) { writeFile(t, dir, "4_d.up.sql", "-- plinth:parents 1\n\nSELECT 1") }, "4_d.up.sql was added (atlas.sum, both sides"},
		{"a file that is gone", func(dir string) {
			os.Remove(filepath.Join(dir, "3_c.up.sql"))
			os.Remove(filepath.Join(dir, "3_c.down.sql"))
		}, "3_c.up.sql was removed"},
		{"a total of its own", func(dir string) {
			lines := strings.SplitAfter(read(t, dir, "atlas.sum"), "\n")
			lines[1] = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
			writeFile(t, dir, "atlas.sum", strings.Join(lines, ""))
		}, "first side does not fit its first line"},
		{"markers that do not belong together", func(dir string) {
			writeFile(t, dir, "atlas.sum", strings.Replace(read(t, dir, "atlas.sum"), "=======\n", "", 1))
		}, "markers that do not belong together"},
		{"a sum file that one resolved by hand", func(dir string) {
			writeFile(t, dir, "down.sum", "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
		}, "down.sum"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := forked(t, "merge")
			tt.change(dir)
			d, err := migrate.ReadDir(os.DirFS(dir))
			if err != nil {
				t.Fatal(err)
			}
			err = d.ValidateMerged()
			if _, ok := errors.AsType[*migrate.ChecksumError](err); !ok || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("ValidateMerged: %v\nwant %s", err, tt.want)
			}
			if _, err := migrate.Join(dir, time.Now(), "join", d, "2", "3"); err == nil {
				t.Error("Join wrote")
			}
		})
	}
}

func TestJoinRefusesWhatIsNoHeadOrWasNotProven(t *testing.T) {
	dir := forked(t, "merge")
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, heads := range [][]string{{"1", "2"}, {"2", "2"}, {"2"}, {"2", "9"}, nil} {
		if _, err := migrate.Join(dir, time.Now(), "join", d, heads...); err == nil {
			t.Errorf("joined %v", heads)
		}
	}
	writeFile(t, dir, "3_c.up.sql", "-- plinth:parents 1\n\nCREATE TABLE d ();")
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.Join(dir, time.Now(), "join", d, "2", "3"); err == nil || !strings.Contains(err.Error(), "was changed while") {
		t.Errorf("err = %v", err)
	}
}

// FuzzSumFilesInConflict gives any text as a sum file: only one that names each file with its hash, on one side or the other, may pass.
func FuzzSumFilesInConflict(f *testing.F) {
	up := "CREATE TABLE a ();"
	dir := f.TempDir()
	for name, content := range map[string]string{"1_a.up.sql": up, "1_a.down.sql": "DROP TABLE a;"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			f.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "atlas.sum"))
	if err != nil {
		f.Fatal(err)
	}
	down, err := os.ReadFile(filepath.Join(dir, "down.sum"))
	if err != nil {
		f.Fatal(err)
	}
	sum := string(data)
	hash := sum[strings.LastIndex(sum, "h1:"):]
	for _, seed := range []string{
		sum, "", "<<<<<<< a\n" + sum + "=======\n" + sum + ">>>>>>> b\n", "<<<<<<< a\n" + sum + "=======\n>>>>>>> b\n", "<<<<<<<\n=======\n>>>>>>>\n" + sum,
		"<<<<<<< a\n", "<<<<<<< a\n=======\n=======\n>>>>>>> b\n", ">>>>>>> b\n" + sum, "<<<<<<< a\n||||||| c\n=======\n" + sum + ">>>>>>> b\n",
		"<<<<<<< a\r\n" + sum + "=======\r\n>>>>>>> b\r\n", "<<<<<<< a\n<<<<<<< a\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := migrate.ReadDir(fstest.MapFS{
			"1_a.up.sql": {Data: []byte(up)}, "1_a.down.sql": {Data: []byte("DROP TABLE a;")}, "atlas.sum": {Data: []byte(text)}, "down.sum": {Data: down},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.ValidateMerged(); err == nil && !strings.Contains(text, strings.TrimSpace(hash)) {
			t.Errorf("%q passed", text)
		}
		if d.Validate() == nil && d.ValidateMerged() != nil {
			t.Errorf("%q passes alone, and not as merged", text)
		}
	})
}
