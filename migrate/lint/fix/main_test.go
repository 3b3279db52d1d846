package fix_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/fix"
	"github.com/plinth-db/plinth/migrate/verify"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func scratch(t testing.TB) verify.Scratch { return pgtest.Scratch(t) }

// folder writes files and their sums.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t testing.TB, files map[string]string) *migrate.Dir {
	t.Helper()
	dir, err := migrate.ReadDir(os.DirFS(folder(t, files)))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// findings are those of the statements alone.
func findings(dir *migrate.Dir, chosen func(string) bool) []lint.Finding {
	return lint.Run(lint.Input{Sources: lint.Sources(dir, chosen)}).Findings
}

// plan fixes the chosen versions, or all.
func plan(t testing.TB, files map[string]string, versions ...string) (*fix.Result, error) {
	t.Helper()
	dir := read(t, files)
	chosen := func(v string) bool {
		for _, one := range versions {
			if one == v {
				return true
			}
		}
		return len(versions) == 0
	}
	return fix.Plan(fix.Input{Dir: dir, Findings: findings(dir, chosen), Chosen: chosen})
}
