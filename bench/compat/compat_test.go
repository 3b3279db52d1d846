// Package compat_test runs golang-migrate's command on Plinth's directories: the layout is its own, so a team can go back to it.
package compat_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	_ "github.com/golang-migrate/migrate/v4" // the command is built from this module
	_ "github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
	"github.com/plinth-db/plinth/migrate/migrations"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// command builds golang-migrate's command.
func command(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "migrate")
	build := exec.Command("go", "build", "-tags", "postgres", "-o", program, "github.com/golang-migrate/migrate/v4/cmd/migrate")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// TestGolangMigrateRunsOurFiles up and down, with the catalog that Plinth makes. Mode-none files hold one statement, as it
// sends a file as one message.
func TestGolangMigrateRunsOurFiles(t *testing.T) {
	program := command(t)
	byHand := t.TempDir()
	for name, text := range map[string]string{
		"1_users.up.sql":        "-- plinth:parents\nCREATE TABLE users (id bigint PRIMARY KEY, name text);",
		"1_users.down.sql":      "DROP TABLE users;",
		"2_users_name.up.sql":   "-- plinth:parents 1\n-- atlas:txmode none\nCREATE INDEX CONCURRENTLY users_name ON users (name);",
		"2_users_name.down.sql": "-- atlas:txmode none\nDROP INDEX CONCURRENTLY users_name;",
		"3_checked.up.sql":      "-- plinth:parents 2\n-- plinth:lock-timeout 5s\nBEGIN;\nALTER TABLE users ADD CONSTRAINT c CHECK (name <> '') NOT VALID;\nCOMMIT;",
		"3_checked.down.sql":    "ALTER TABLE users DROP CONSTRAINT c;",
		"4_fill.up.sql":         "-- plinth:parents 3\n-- atlas:txmode none\n-- plinth:repeatable\nDO $$ BEGIN UPDATE users SET name = 'x' WHERE name IS NULL; COMMIT; END $$;",
		"4_fill.down.sql":       "SELECT 1;",
	} {
		if err := os.WriteFile(filepath.Join(byHand, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Hash(byHand); err != nil {
		t.Fatal(err)
	}
	own := t.TempDir()
	if err := os.CopyFS(own, migrations.FS); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"by hand": byHand, "the project's": own, "planned online": planned(t)} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := pgtest.TestDatabase(t).URL(), pgtest.TestDatabase(t).URL()
			m, err := migrate.New(open(t, ours), os.DirFS(dir), migrate.WithAllowIrreversible())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			to, err := url.Parse(theirs)
			if err != nil {
				t.Fatal(err)
			}
			query := to.Query()
			query.Set("x-migrations-table", "golang_migrate")
			to.RawQuery = query.Encode()
			run := func(args ...string) {
				t.Helper()
				out, err := exec.Command(program, append([]string{"-path", dir, "-database", to.String()}, args...)...).CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %v\n%s", args, err, out)
				}
			}
			run("up")
			differ(t, "after up", ours, theirs)
			if _, err := m.DownTo(t.Context(), migrate.Base); err != nil {
				t.Fatal(err)
			}
			run("down", "-all")
			differ(t, "after down", ours, theirs)
		})
	}
}

// planned are online plans of several files, as plinth diff writes them, on tables with rows.
func planned(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"1_before.up.sql": `CREATE TABLE column_required_defaults (id bigint PRIMARY KEY, age bigint); INSERT INTO column_required_defaults VALUES (1, NULL), (2, 7);
CREATE TABLE type_indexeds (id bigint PRIMARY KEY, v bigint NOT NULL CONSTRAINT positive CHECK (v > 0)); INSERT INTO type_indexeds VALUES (1, 2), (2, 7);
CREATE INDEX typeindexed_v ON type_indexeds (v) WHERE v > 3;
CREATE TYPE enum_remove_mappeds_mood AS ENUM ('sad', 'glad', 'calm', 'odd');
CREATE TABLE enum_remove_mappeds (id bigint PRIMARY KEY, mood enum_remove_mappeds_mood NOT NULL DEFAULT 'calm'); INSERT INTO enum_remove_mappeds VALUES (1, 'odd'), (2, 'glad');`,
		"1_before.down.sql": `DROP TABLE column_required_defaults, type_indexeds, enum_remove_mappeds; DROP TYPE enum_remove_mappeds_mood;`,
	}
	for _, direction := range []string{"up", "down"} {
		n := 1
		for _, name := range []string{"column_required_default", "type_indexed", "enum_remove_mapped"} {
			plan, err := os.ReadFile("../../migrate/diff/testdata/cases/online/" + name + "." + direction + ".sql")
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range regexp.MustCompile(`(?m)^-- file \d+: .*\n`).Split(string(plan), -1)[1:] {
				n++
				files[fmt.Sprintf("%d_planned.%s.sql", n, direction)] = text
			}
		}
		if n != 17 {
			t.Fatalf("%d files", n)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// differ compares the two databases, but for the tools' own tables.
func differ(t *testing.T, when, ours, theirs string) {
	t.Helper()
	a, err := catalog.Read(t.Context(), open(t, ours), catalog.ExcludeSchemas(migrate.DefaultRevisionSchema))
	if err != nil {
		t.Fatal(err)
	}
	b, err := catalog.Read(t.Context(), open(t, theirs))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range catalog.Compare(a, b) {
		if !strings.Contains(c.String(), "golang_migrate") {
			t.Errorf("%s: %v", when, c)
		}
	}
}
