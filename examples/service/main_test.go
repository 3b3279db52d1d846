package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/migrations"
)

var url string

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// migrated gives the process a database with this project's migrations.
func migrated(t *testing.T) {
	cfg := database.DefaultConfig()
	cfg.URL = pgtest.TestDatabase(t).URL()
	pool, err := database.OpenPool(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close(context.Background())
	m, err := migrate.New(pool.SQL(), migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	url = cfg.URL
}

func TestProgramOfTheReadmeRuns(t *testing.T) {
	migrated(t)
	t.Setenv("DATABASE_URL", url)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = write
	main()
	os.Stdout = stdout
	write.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(read); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(out.String()); got != "published: 1 <nil>" {
		t.Fatalf("printed %q", got)
	}
}

func TestReadmeShowsThisProgram(t *testing.T) {
	program, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(program), "func main()")
	if !strings.Contains(string(readme), "func main()"+strings.TrimRight(body, "\n")) {
		t.Fatal("the program in README.md is not examples/service/main.go")
	}
}
