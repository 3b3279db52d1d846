package main_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// fullChaos is `make chaos`: sixty files in place of ten, every point of them, and more kills.
var fullChaos = os.Getenv("PLINTH_CHAOS") == "full"

// everyMode are ten files for each cycle, of all modes; each does what could not be done twice without being seen.
var everyMode = []string{
	"CREATE TABLE t%[1]d (id int PRIMARY KEY, v text); INSERT INTO t%[1]d SELECT i, i FROM generate_series(1, 50) i;",
	"BEGIN; ALTER TABLE t%[1]d ADD COLUMN n int DEFAULT 0; UPDATE t%[1]d SET n = n + 1; COMMIT;",
	"-- atlas:txmode none\nCREATE INDEX CONCURRENTLY i%[1]d ON t%[1]d (v);",
	"-- atlas:txmode none\nUPDATE t%[1]d SET n = n + 1;\nCREATE UNIQUE INDEX CONCURRENTLY u%[1]d ON t%[1]d (id, v);\nDROP INDEX CONCURRENTLY i%[1]d;\nINSERT INTO t%[1]d VALUES (100, 'x', 0);",
	"-- atlas:txmode none\n-- plinth:repeatable\nDO $$ BEGIN LOOP UPDATE t%[1]d SET v = 'done ' || id WHERE id IN (SELECT id FROM t%[1]d WHERE v NOT LIKE 'done %%' LIMIT 20); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;",
	"ALTER TABLE t%[1]d ADD CONSTRAINT c%[1]d CHECK (n > -1) NOT VALID; SET search_path = pg_catalog; CREATE TYPE public.e%[1]d AS ENUM ('a');",
	"-- atlas:txmode none\nALTER TABLE t%[1]d VALIDATE CONSTRAINT c%[1]d;\nVACUUM t%[1]d;\nREINDEX INDEX CONCURRENTLY u%[1]d;\nALTER TYPE e%[1]d ADD VALUE 'b';",
	"CREATE TABLE p%[1]d (id int) PARTITION BY RANGE (id); CREATE TABLE q%[1]d PARTITION OF p%[1]d FOR VALUES FROM (0) TO (9); INSERT INTO p%[1]d VALUES (1);",
	"-- atlas:txmode none\nALTER TABLE p%[1]d DETACH PARTITION q%[1]d CONCURRENTLY;\nINSERT INTO q%[1]d VALUES (2);",
	"ALTER TABLE t%[1]d ADD UNIQUE USING INDEX u%[1]d; UPDATE t%[1]d SET n = n + 1;",
}

// everyModeDir writes the files.
func everyModeDir(t *testing.T) string {
	t.Helper()
	cycles := 1
	if fullChaos {
		cycles = 6
	}
	dir := t.TempDir()
	for cycle := range cycles {
		for i, text := range everyMode {
			name := fmt.Sprintf("%d_f.up.sql", 100*(cycle+1)+i)
			if err := os.WriteFile(filepath.Join(dir, name), fmt.Appendf(nil, text, cycle), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plinthUp is the command. out is what it printed, on both streams.
func plinthUp(ctx context.Context, to, dir string, flags ...string) (cmd *exec.Cmd, out *bytes.Buffer) {
	return runPlinth(ctx, to, dir, append([]string{"up"}, flags...)...)
}

func runPlinth(ctx context.Context, to, dir string, command ...string) (cmd *exec.Cmd, out *bytes.Buffer) {
	out = &bytes.Buffer{}
	cmd = exec.CommandContext(ctx, "plinth", append([]string{"--dir", dir}, command...)...)
	cmd.Dir = filepath.Dir(dir) // without an atlas.hcl or .env
	cmd.Env = append(os.Environ(), "DATABASE_URL="+to, "DB_MAX_RETRIES=0")
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}

// finishAlone runs plinth up, or another command, which must succeed by itself, and returns what the database then holds.
func finishAlone(t *testing.T, url, dir string, command ...string) string {
	t.Helper()
	if command == nil {
		command = []string{"up"}
	}
	cmd, out := runPlinth(t.Context(), url, dir, command...)
	if err := cmd.Run(); err != nil {
		t.Errorf("plinth %s after the kill: %v\n%s", command[0], err, out)
	}
	return holds(t, url)
}

// holds is the catalog, every row of every table, and the record, but for its times.
func holds(t *testing.T, url string) string {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	snapshot, err := catalog.Read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if _, err := snapshot.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	var rows string
	err = db.QueryRowContext(t.Context(), `SELECT string_agg(relname || ' ' || (xpath('/row/c/text()', query_to_xml(format(
	'SELECT count(*) || '' '' || coalesce(sum(hashtext(t::text)), 0) AS c FROM %s t', oid::regclass), false, true, '')))[1]::text, chr(10) ORDER BY relname)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`).Scan(&rows)
	if err != nil {
		t.Fatal(err)
	}
	var record string
	err = db.QueryRowContext(t.Context(), `SELECT string_agg(concat_ws(' ', version, applied, total, error, hash), chr(10) ORDER BY version)
  FROM atlas_schema_revisions.atlas_schema_revisions`).Scan(&record)
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + "\n" + rows + "\n" + record
}

// lengthOfRun is the time from the command's start to its end.
func lengthOfRun(t *testing.T, to, dir string) time.Duration {
	t.Helper()
	cmd, out := plinthUp(t.Context(), to, dir)
	start := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return time.Since(start)
}

func freshDatabase(t *testing.T) *pgserver.Database { return databaseFrom(t, nil) }

// databaseFrom is a copy of template, empty for nil.
func databaseFrom(t *testing.T, template *pgserver.Database) *pgserver.Database {
	t.Helper()
	server, err := storyServer(t)
	if err != nil {
		t.Fatal(err)
	}
	var database *pgserver.Database
	if template == nil {
		database, err = server.CreateDatabase(t.Context())
	} else {
		database, err = server.CreateDatabaseFrom(t.Context(), template)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := database.Drop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return database
}

// sameAs reports the first difference.
func sameAs(t *testing.T, got, want, after string) {
	t.Helper()
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			t.Errorf("after %s the database holds\n%s\nand after an uninterrupted run\n%s", after, g[i], w[i])
			return
		}
	}
	t.Errorf("after %s the database holds %d lines, and after an uninterrupted run %d", after, len(g), len(w))
}

// TestClientKilledAtRandom: kill -9, while the server goes on with what it has received; and then plinth up alone.
func TestClientKilledAtRandom(t *testing.T) {
	kills := 12
	if fullChaos {
		kills = 200
	}
	dir := everyModeDir(t)
	want := finishAlone(t, freshDatabase(t).URL(), dir)
	took := lengthOfRun(t, freshDatabase(t).URL(), dir)
	landed := 0
	for range kills {
		url := freshDatabase(t).URL()
		cmd, _ := plinthUp(t.Context(), url, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		at := rand.N(took)
		kill := time.AfterFunc(at, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			landed++
		}
		kill.Stop()
		sameAs(t, finishAlone(t, url, dir), want, fmt.Sprintf("a kill after %v", at))
		if t.Failed() {
			return
		}
	}
	t.Logf("%d of %d kills came before the end", landed, kills)
	if landed == 0 {
		t.Error("no kill came before the end, so nothing is proven")
	}
}

// TestServerKilledAtRandom: kill -9 of the server, which then recovers; and then plinth up alone.
func TestServerKilledAtRandom(t *testing.T) {
	kills := 3
	if fullChaos {
		kills = 20
	}
	bin, err := chaos.Binaries()
	if err != nil {
		t.Skip(err)
	}
	server, err := chaos.NewCluster(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	admin, err := server.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	dir := everyModeDir(t)
	database := func(n int) string {
		name := fmt.Sprintf("d%d", n)
		if _, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name); err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(server.URL())
		if err != nil {
			t.Fatal(err)
		}
		u.Path = "/" + name
		return u.String()
	}
	want := finishAlone(t, database(0), dir)
	took := lengthOfRun(t, database(kills+1), dir)
	for n := range kills {
		to := database(n + 1)
		cmd, _ := plinthUp(t.Context(), to, dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		at := rand.N(took)
		time.Sleep(at)
		if err := server.Kill(t.Context()); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		sameAs(t, finishAlone(t, to, dir), want, fmt.Sprintf("the server's death after %v", at))
		if t.Failed() {
			return
		}
	}
}

// TestTenAtOnce: each file once, all content; also while the message of a runner that was killed is still being executed.
func TestTenAtOnce(t *testing.T) {
	rounds := 4
	if fullChaos {
		rounds = 50
	}
	dir := everyModeDir(t)
	want := finishAlone(t, freshDatabase(t).URL(), dir)
	for round := range rounds {
		url := freshDatabase(t).URL()
		if round%2 == 1 {
			killInTheMiddle(t, url, dir)
		}
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				cmd, out := plinthUp(t.Context(), url, dir)
				if err := cmd.Run(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
		all.Wait()
		sameAs(t, holds(t, url), want, "ten runs at once")
		if t.Failed() {
			return
		}
	}
}

// killInTheMiddle kills a run whose first file waits, on the server, for a lock on the catalog that is given back a little later.
func killInTheMiddle(t *testing.T, url, dir string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("CREATE TABLE t0 ()"); err != nil { // the first file's CREATE TABLE waits for this name
		t.Fatal(err)
	}
	cmd, _ := plinthUp(t.Context(), url, dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for waiting := 0; waiting == 0; time.Sleep(5 * time.Millisecond) {
		if err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	time.AfterFunc(500*time.Millisecond, func() { _ = tx.Rollback() })
}
