package verify_test

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/verify"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// scratch makes the databases that are asked for, and fails the test when one was not dropped.
func scratch(t testing.TB) verify.Scratch { return pgtest.Scratch(t) }

// directory writes files, given as name, content, name, content, ..., and their sums.
func directory(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		if err := os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// pairs is a directory of migrations 1, 2, ..., given as up, down, up, down, ...; a down of "none" is a missing file.
func pairs(t testing.TB, contents ...string) fs.FS {
	t.Helper()
	var files []string
	for i := 0; i < len(contents); i += 2 {
		version := string(rune('1' + i/2))
		files = append(files, version+"_m.up.sql", contents[i])
		if contents[i+1] != "none" {
			files = append(files, version+"_m.down.sql", contents[i+1])
		}
	}
	return os.DirFS(directory(t, files...))
}

func osDir(dir string) fs.FS { return os.DirFS(dir) }

func must(t testing.TB, db *sql.DB, statements string) {
	t.Helper()
	if _, err := db.Exec(statements); err != nil {
		t.Fatalf("%v\nin:\n%s", err, statements)
	}
}
