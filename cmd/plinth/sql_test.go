package main_test

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// open connects to the story's database, whatever the story has made of DATABASE_URL.
func open(ts *testscript.TestScript) *sql.DB {
	db, err := sql.Open("postgres", of(ts).url)
	ts.Check(err)
	return db
}

func runSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sql STATEMENT")
	}
	db := open(ts)
	defer db.Close()
	rows, err := db.Query(args[0])
	ts.Check(err)
	defer rows.Close()
	columns, err := rows.Columns()
	ts.Check(err)
	for rows.Next() {
		row, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		ts.Check(rows.Scan(targets...))
		var texts []string
		for _, value := range row {
			texts = append(texts, value.String)
		}
		fmt.Fprintln(ts.Stdout(), strings.Join(texts, "|"))
	}
	ts.Check(rows.Err())
}

// patience is how long a story waits for what must happen; a healthy one never needs it.
const patience = 20 * time.Second

func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: until QUERY")
	}
	db := open(ts)
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		var yes bool
		if err := db.QueryRowContext(ctx, args[0]).Scan(&yes); err != nil {
			ts.Fatalf("%s: %v", args[0], err)
		}
		if yes {
			return
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			ts.Fatalf("%s: still not true after %v", args[0], patience)
		}
	}
}

func holdLock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 || of(ts).lock != nil {
		ts.Fatalf("usage: hold-lock, once")
	}
	u, err := url.Parse(of(ts).url)
	ts.Check(err)
	query := u.Query()
	query.Set("application_name", "another-deployment")
	u.RawQuery = query.Encode()
	db, err := sql.Open("postgres", u.String())
	ts.Check(err)
	conn, err := db.Conn(context.Background())
	ts.Check(err)
	// The number under which the Atlas command locks (sql/postgres/driver.go, Lock).
	h := fnv.New32()
	_, _ = h.Write([]byte("atlas_migrate_execute"))
	var pid int
	ts.Check(conn.QueryRowContext(context.Background(), "SELECT pg_backend_pid() FROM pg_advisory_lock($1)", int64(h.Sum32())).Scan(&pid))
	ts.Setenv("HOLDER", strconv.Itoa(pid))
	of(ts).lock = func() {
		_ = conn.Close()
		_ = db.Close()
		of(ts).lock = nil
	}
	ts.Defer(func() {
		if free := of(ts).lock; free != nil {
			free()
		}
	})
}

func freeLock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 || of(ts).lock == nil {
		ts.Fatalf("usage: free-lock, after hold-lock")
	}
	of(ts).lock()
}

func dump(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: dump FILE")
	}
	db := open(ts)
	defer db.Close()
	var version int
	ts.Check(db.QueryRow("SELECT current_setting('server_version_num')::int / 10000").Scan(&version))
	content, ok := pgDump(ts, version)
	if !ok {
		snapshot, err := catalog.Read(context.Background(), db, catalog.ExcludeSchemas(migrate.DefaultRevisionSchema))
		ts.Check(err)
		var text strings.Builder
		_, err = snapshot.WriteTo(&text)
		ts.Check(err)
		content = text.String()
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content), 0o600))
}

// random matches what is new in each dump since 15.14.
var random = regexp.MustCompile(`(?m)^\\(un)?restrict .*\n`)

// pgDump reports false when there is no pg_dump that is new enough for the server.
func pgDump(ts *testscript.TestScript, major int) (string, bool) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if path, err := exec.LookPath("pg_dump"); err == nil {
		found = append(found, path)
	}
	for _, path := range slices.Backward(found) {
		out, err := exec.Command(path, "--version").Output()
		var has int
		if err != nil {
			continue
		}
		if _, err := fmt.Sscanf(string(out), "pg_dump (PostgreSQL) %d", &has); err != nil || has < major {
			continue
		}
		out, err = exec.Command(path, "--schema-only", "--exclude-schema", migrate.DefaultRevisionSchema, "--dbname", of(ts).url).Output()
		ts.Check(err)
		return random.ReplaceAllString(string(out), ""), true
	}
	return "", false
}
