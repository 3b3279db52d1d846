package catalog_test

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// TestPgDumpAgrees holds testdata/changes.txt, which TestOneStatementGivesItsChangesAndNoOther proves, against pg_dump: where its output
// differs after the statement, a change must be expected, and the other way round unless the case says why.
func TestPgDumpAgrees(t *testing.T) {
	t.Parallel()
	pgDump := findPgDump(t)
	server := localServer(t)
	template := copyOf(t, server, nil)
	db := open(t, template.SQL)
	major := read(t, db).ServerVersion / 10000
	execute(t, db, readFile(t, "testdata/fixture.sql"))
	if err := db.Close(); err != nil { // a template must have no sessions
		t.Fatal(err)
	}
	before := dumpAfter(t, pgDump, server, template, "")
	for _, c := range readChanges(t) {
		if c.since > major {
			continue
		}
		t.Run(c.sql, func(t *testing.T) {
			t.Parallel()
			differs := !bytes.Equal(before, dumpAfter(t, pgDump, server, template, c.sql))
			switch expected := len(c.want) > 0; {
			case c.disagree == "" && differs != expected:
				t.Errorf("pg_dump differs: %v; changes expected: %v", differs, c.want)
			case c.disagree != "" && differs == expected:
				t.Errorf("pg_dump agrees, yet the case says %q", c.disagree)
			}
		})
	}
}

// findPgDump takes the newest: it must not be older than the server, and the server is chosen in the same way.
func findPgDump(t *testing.T) string {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if len(found) > 0 {
		return slices.Max(found)
	}
	path, err := exec.LookPath("pg_dump")
	if err != nil {
		t.Skip("no local PostgreSQL binaries with pg_dump: install postgresql-15 or later to compare with it")
	}
	return path
}

func dumpAfter(t *testing.T, pgDump string, server *pgserver.Server, template *pgserver.Database, statements string) []byte {
	t.Helper()
	d := copyOf(t, server, template)
	db := open(t, d.SQL)
	subscribe(t, db)
	execute(t, db, statements)
	out, err := exec.CommandContext(t.Context(), pgDump, "--schema-only", "--no-owner", "--dbname", d.URL()).Output()
	if err != nil {
		t.Fatal(err)
	}
	return withoutRandom(out)
}

// withoutRandom removes the \restrict lines, which hold a new token in each dump since 15.14.
func withoutRandom(dump []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(dump)) {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) {
			b.WriteString(line)
		}
	}
	return []byte(b.String())
}

// copyOf makes a copy of a database, an empty one for nil, and drops it in the end.
func copyOf(t *testing.T, server *pgserver.Server, template *pgserver.Database) *pgserver.Database {
	t.Helper()
	create := func() (*pgserver.Database, error) { return server.CreateDatabase(t.Context()) }
	if template != nil {
		create = func() (*pgserver.Database, error) { return server.CreateDatabaseFrom(t.Context(), template) }
	}
	d, err := create()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Drop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return d
}
