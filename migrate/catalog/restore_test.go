package catalog_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// What pg_dump writes makes the same database again; whatever Compare finds then is something that pg_dump does not carry over.
func TestRestoredDumpIsEqual(t *testing.T) {
	pgDump := findPgDump(t)
	server := localServer(t)
	source := copyOf(t, server, nil)
	db := open(t, source.SQL)
	execute(t, db, readFile(t, "testdata/fixture.sql"))
	// The label's provider does not exist, and the language's handler, being an extension's, is not dumped: both cannot be restored.
	execute(t, db, "DELETE FROM pg_seclabel; DROP LANGUAGE tongue")
	dump, err := exec.CommandContext(t.Context(), pgDump, "--schema-only", "--dbname", source.URL()).Output()
	if err != nil {
		t.Fatal(err)
	}
	restored := open(t, copyOf(t, server, nil).SQL)
	execute(t, restored, runnable(string(withoutRandom(dump))))
	checkEqual(t, read(t, db), read(t, restored))
}

// runnable makes up for what the dump of this fixture cannot restore: pg_dump leaves REFRESH to the data section, and the extension
// plpgsql is there already.
func runnable(dump string) string {
	return strings.Join([]string{dump, "REFRESH MATERIALIZED VIEW app.totals"}, ";\n")
}

func localServer(t *testing.T) *pgserver.Server {
	t.Helper()
	server, err := pgserver.Shared(t.Context(), pgserver.Options{URL: "local://", Logf: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}
