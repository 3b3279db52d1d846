package sqltext_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lib/pq"
	"pgregory.net/rapid"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func openDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", pgtest.TestDatabase(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	return db
}

// spellings write a value as a literal, each with other rules about where it ends.
var spellings = []func(value string) string{
	func(v string) string { return "'" + strings.ReplaceAll(v, "'", "''") + "'" },
	func(v string) string { return "E'" + strings.NewReplacer(`'`, `\'`, `\`, `\\`).Replace(v) + "'" },
	func(v string) string {
		return "E''--;'\n  -- '\r\n'" + strings.NewReplacer(`'`, `\'`, `\`, `\\`).Replace(v) + "'"
	},
	func(v string) string { return "U&'" + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(v) + "'" },
	func(v string) string { return "N'" + strings.ReplaceAll(v, "'", "''") + "'" },
	func(v string) string { return "$größe$" + v + "$größe$" },
	func(v string) string { return "/* ' /* ; */ */ '' -- ;\n '" + strings.ReplaceAll(v, "'", "''") + "'" },
}

// The whole text goes to the server in one message, which splits it itself; then each of our statements goes alone.
func TestSplitAgreesWithTheServerOnLiterals(t *testing.T) {
	db := openDB(t)
	piece := rapid.SampledFrom([]string{"'", `"`, `\`, ";", "$", "$$", "--", "/*", "*/", "\n", "\r\n", "a", "E'", "é", "(", ")", " "})
	rapid.Check(t, func(r *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) string {
			return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(r, "pieces"), "")
		}), 1, 4).Draw(r, "values")
		var src strings.Builder
		for _, v := range values {
			spell := rapid.SampledFrom(spellings).Draw(r, "spelling")
			separator := rapid.SampledFrom([]string{";", "; -- ;'\n", " /* ; */ ;;", "\r\n;"}).Draw(r, "separator")
			src.WriteString("SELECT " + spell(v) + separator)
		}
		stmts, err := sqltext.Split(src.String())
		if err != nil {
			r.Fatalf("%q: %v", src.String(), err)
		}
		whole := firstColumns(r, db, src.String())
		if fmt.Sprintf("%q", whole) != fmt.Sprintf("%q", values) {
			r.Fatalf("the test wrote %q for %q, which is %q to the server", src.String(), values, whole)
		}
		var single []string
		for _, s := range stmts {
			single = append(single, firstColumns(r, db, s.Text)...)
		}
		if len(stmts) != len(values) || fmt.Sprintf("%q", single) != fmt.Sprintf("%q", values) {
			r.Fatalf("%q:\nsplit %q gives %q\nwant %q", src.String(), texts(stmts), single, values)
		}
	})
}

// firstColumns runs a text as one message and returns the value of each result.
func firstColumns(r *rapid.T, db *sql.DB, src string) []string {
	rows, err := db.Query(src)
	if err != nil {
		r.Fatalf("%q: %v", src, err)
	}
	defer rows.Close()
	var out []string
	for more := true; more; more = rows.NextResultSet() {
		for rows.Next() {
			var v string
			if err := rows.Scan(&v); err != nil {
				r.Fatal(err)
			}
			out = append(out, v)
		}
	}
	if err := rows.Err(); err != nil {
		r.Fatalf("%q: %v", src, err)
	}
	return out
}

// A body is one statement for the server as well, and a position in its error finds the place in the file.
func TestStmtPositionFindsTheServersErrorInTheFile(t *testing.T) {
	db := openDB(t)
	src := "-- é\r\nSELECT 'é;';\r\n /* é */ SELECT 'é',\r\n  'é', nothing;\r\n"
	stmts, err := sqltext.Split(src)
	if err != nil || len(stmts) != 2 {
		t.Fatal(texts(stmts), err)
	}
	_, err = db.Exec(stmts[1].Text)
	fault, ok := errors.AsType[*pq.Error](err)
	if !ok || fault.Position == "" {
		t.Fatalf("got %v, want an error with a position", err)
	}
	var char int
	if _, err := fmt.Sscan(fault.Position, &char); err != nil {
		t.Fatal(err)
	}
	if line, column := stmts[1].Position(char - 1); line != 4 || column != 8 {
		t.Errorf("got %d:%d for character %d, want 4:8, where nothing stands", line, column, char)
	}
}

func TestSplitGivesBodiesThatTheServerTakes(t *testing.T) {
	db := openDB(t)
	src := `CREATE TABLE t (a int, "end" int);
CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql BEGIN ATOMIC
  INSERT INTO t VALUES (1, CASE WHEN x > 0 THEN 2 ELSE 3 END);
  SELECT t.end FROM t; SELECT a end FROM t; SELECT CASE x WHEN 7 THEN CASE WHEN true THEN 42 END END AS end; END;
CREATE RULE r AS ON DELETE TO t DO ALSO (SELECT 1; SELECT 2);`
	stmts, err := sqltext.Split(src)
	if err != nil || len(stmts) != 3 {
		t.Fatal(texts(stmts), err)
	}
	for _, s := range stmts {
		if _, err := db.Exec(s.Text); err != nil {
			t.Fatalf("%s: %v", s.Text, err)
		}
	}
	var got int
	if err := db.QueryRow("SELECT f(7)").Scan(&got); err != nil || got != 42 {
		t.Errorf("f(7) = %d, %v; want 42", got, err)
	}
}

// Every statement here is known to the server; the test asks it inside a transaction and compares its SQLSTATE, 25001
// (active_sql_transaction), with our answer. Nothing is carried out: each is refused or rolled back.
func TestNoTransactionAgreesWithTheServer(t *testing.T) {
	db := openDB(t)
	for _, setup := range []string{
		"CREATE TABLE t (a int PRIMARY KEY)",
		"CREATE TABLE parts (a int) PARTITION BY LIST (a)",
		"CREATE TABLE part PARTITION OF parts FOR VALUES IN (1)",
		"CREATE MATERIALIZED VIEW v AS SELECT 1 AS a",
		"CREATE UNIQUE INDEX v_a ON v (a)",
		"CREATE INDEX i ON t (a)",
		"CREATE TYPE e AS ENUM ('a')",
	} {
		if _, err := db.Exec(setup); err != nil {
			t.Fatal(setup, err)
		}
	}
	for _, src := range []string{
		"CREATE UNIQUE INDEX CONCURRENTLY ON t (a)", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)", "CREATE INDEX i2 ON t (a)",
		"DROP INDEX CONCURRENTLY i", "DROP INDEX i",
		"REINDEX INDEX CONCURRENTLY i", "REINDEX (CONCURRENTLY) TABLE t", "REINDEX (CONCURRENTLY off) TABLE t", "REINDEX (CONCURRENTLY 'OFF') TABLE t",
		"REINDEX (VERBOSE, CONCURRENTLY 1) TABLE t", "REINDEX TABLE t", "REINDEX SCHEMA public", "REINDEX SYSTEM CONCURRENTLY nothing", "REINDEX DATABASE nothing",
		"VACUUM", "VACUUM (FULL) t", "VACUUM t", "ANALYZE t", "CLUSTER", "CLUSTER VERBOSE", "CLUSTER t USING i", "CLUSTER VERBOSE t USING i",
		"ALTER SYSTEM SET work_mem = '1MB'", "CREATE DATABASE nothing", "DROP DATABASE nothing", "CREATE TABLESPACE nothing LOCATION '/'", "DROP TABLESPACE nothing",
		"ALTER DATABASE nothing SET TABLESPACE pg_default", "ALTER DATABASE nothing SET work_mem = '1MB'",
		"ALTER TABLE parts DETACH PARTITION part CONCURRENTLY", "ALTER TABLE parts DETACH PARTITION part", "ALTER TABLE parts DETACH PARTITION public.concurrently",
		"REFRESH MATERIALIZED VIEW CONCURRENTLY v", "ALTER TYPE e ADD VALUE 'b'", "DISCARD ALL", "DISCARD TEMP",
		"COMMIT PREPARED 'nothing'", "ROLLBACK PREPARED 'nothing'",
		"CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (create_slot = on)",
		"CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE)",
	} {
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		_, err = tx.Exec(src)
		if rollback := tx.Rollback(); rollback != nil {
			t.Fatal(src, rollback)
		}
		refusal, _ := errors.AsType[*pq.Error](err)
		refused := refusal != nil && refusal.Code == "25001"
		what, got := one(t, src).NoTransaction()
		if got != refused {
			t.Errorf("%s: got %v, the server says %v", src, got, err)
		}
		if refused && !strings.Contains(refusal.Message, what) { // the name stays in every language of the server
			t.Errorf("%s: we call it %q, the server says %q", src, what, refusal.Message)
		}
	}
}
