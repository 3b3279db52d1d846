package migrate_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// database is a fresh, empty database.
func database(t testing.TB) *sql.DB {
	t.Helper()
	return connect(t, pgtest.TestDatabase(t).URL())
}

func connect(t testing.TB, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// directory writes files, given as name, content, name, content, ..., and their sums.
func directory(t testing.TB, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		writeFile(t, dir, files[i], files[i+1])
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeFile(t testing.TB, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// three is a directory of three migrations, each with its down.
func three(t testing.TB) string {
	return directory(t,
		"1_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY);",
		"1_users.down.sql", "DROP TABLE users;",
		"2_posts.up.sql", "CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users);\nCREATE INDEX posts_author ON posts (author);",
		"2_posts.down.sql", "DROP TABLE posts;",
		"3_tags.up.sql", "CREATE TABLE tags (name text PRIMARY KEY);",
		"3_tags.down.sql", "DROP TABLE tags;",
	)
}

func migrator(t testing.TB, db *sql.DB, dir string, opts ...migrate.Option) *migrate.Migrator {
	t.Helper()
	m, err := migrate.New(db, os.DirFS(dir), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func versions(run *migrate.Run) string {
	var list []string
	for _, d := range run.Migrations {
		list = append(list, d.Version)
	}
	return strings.Join(list, " ")
}

// tables lists the tables of the schema public.
func tables(t testing.TB, db *sql.DB) string {
	t.Helper()
	var list string
	if err := db.QueryRow("SELECT coalesce(string_agg(tablename, ' ' ORDER BY tablename), '') FROM pg_tables WHERE schemaname = 'public'").Scan(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

// recorded lists the versions of the revision table.
func recorded(t testing.TB, db *sql.DB) string {
	t.Helper()
	var list string
	if err := db.QueryRow("SELECT coalesce(string_agg(version, ' ' ORDER BY executed_at), '') FROM atlas_schema_revisions.atlas_schema_revisions").Scan(&list); err != nil {
		t.Fatal(err)
	}
	return list
}

func exec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}
