package diff_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate/diff"
)

const (
	shadowBefore = `CREATE TYPE mood AS ENUM ('sad', 'glad', 'calm');
CREATE TABLE authors (id integer PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, n integer NOT NULL DEFAULT 1, mood mood, author integer REFERENCES authors (id), CONSTRAINT positive CHECK (n > 0));
CREATE UNIQUE INDEX notes_n ON notes (n, id);
CREATE INDEX notes_glad ON notes (mood) WHERE mood = 'glad'`
	shadowAfter = `CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE authors (id integer PRIMARY KEY);
CREATE TABLE notes (id bigint PRIMARY KEY, n bigint NOT NULL DEFAULT 2, mood mood NOT NULL DEFAULT 'sad', author bigint REFERENCES authors (id), token text NOT NULL DEFAULT gen_random_uuid(), CONSTRAINT positive CHECK (n > 0));
CREATE UNIQUE INDEX notes_n ON notes (n, id);
CREATE INDEX notes_glad ON notes (mood) WHERE mood = 'glad'`
	shadowRows = `INSERT INTO authors SELECT generate_series(0, 9); INSERT INTO notes SELECT i, i, CASE WHEN i % 3 > 0 THEN 'glad'::mood END, i % 10 FROM generate_series(1, 2500) i`
)

func shadowPlan(t *testing.T) *diff.Result {
	t.Helper()
	in := input(t, diff.SQLModel(shadowAfter), directory{shadowBefore})
	in.Online, in.AllowDrop = true, true
	in.Batch = diff.Batch{Rows: 700, Pause: 10 * time.Millisecond}
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Writers go on while types change, there and back, and every row keeps what they wrote.
func TestWritersGoOnWhileTypesChange(t *testing.T) {
	plan := shadowPlan(t)
	db := database(t)
	must(t, db, shadowBefore+";"+shadowRows)
	last := make(map[int]int) // by the writer alone
	for i := 1; i <= 2500; i++ {
		last[i] = i
	}
	for _, way := range []struct {
		name  string
		files []string
	}{{"up", ups(plan)}, {"down", downs(plan)}, {"second up", ups(plan)}} {
		ctx, stop := context.WithCancel(t.Context())
		wrote := make(chan error, 1)
		go func() { wrote <- write(ctx, db, last) }()
		for _, text := range way.files {
			must(t, db, text)
		}
		stop()
		if err := <-wrote; err != nil {
			t.Fatalf("%s: %v", way.name, err)
		}
		if wrong := notAsWritten(t, db, last); len(wrong) > 0 {
			t.Fatalf("%s: of %d rows %d are not as they were written, such as %v", way.name, len(last), len(wrong), wrong[0])
		}
	}
	var moods, tokens int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FILTER (WHERE mood = 'sad'), count(DISTINCT token) FROM notes").Scan(&moods, &tokens); err != nil {
		t.Fatal(err)
	}
	if moods < 800 || tokens != len(last) {
		t.Errorf("%d rows got the default, and of %d rows %d have a token of their own", moods, len(last), tokens)
	}
	t.Logf("%d rows at the end", len(last))
}

func downs(r *diff.Result) (texts []string) {
	for _, f := range slices.Backward(r.Files) {
		texts = append(texts, f.Down)
	}
	return texts
}

// write inserts and updates until ctx ends, and notes what was committed.
func write(ctx context.Context, db *sql.DB, last map[int]int) error {
	for i := 0; ctx.Err() == nil; i++ {
		const most = 6000 // rows, after which it updates only
		id, n := len(last)+1, 10_000+i
		query := "INSERT INTO notes (id, n, mood, author) VALUES ($1, $2, 'glad', 3)"
		if i%2 == 0 || len(last) >= most {
			id, query = 1+i%len(last), "UPDATE notes SET n = $2 WHERE id = $1"
		}
		if _, err := db.ExecContext(context.WithoutCancel(ctx), query, id, n); err != nil {
			return fmt.Errorf("%s: %w", query, err)
		}
		last[id] = n
	}
	return nil
}

func notAsWritten(t *testing.T, db *sql.DB, last map[int]int) (wrong []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT id, n FROM notes")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var id, n int
		if err := rows.Scan(&id, &n); err != nil {
			t.Fatal(err)
		}
		seen++
		if last[id] != n {
			wrong = append(wrong, fmt.Sprintf("%d: %d, want %d", id, n, last[id]))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if seen != len(last) {
		wrong = append(wrong, fmt.Sprintf("%d rows, want %d", seen, len(last)))
	}
	return wrong
}

// A backfill that is run again finds nothing to do.
func TestAFinishedBackfillChangesNothing(t *testing.T) {
	plan := shadowPlan(t)
	for _, way := range []string{"up", "down"} {
		db := database(t)
		must(t, db, shadowBefore+";"+shadowRows)
		files := ups(plan)
		if way == "down" {
			for _, text := range files {
				must(t, db, text)
			}
			files = downs(plan)
		}
		fills := 0
		for _, text := range files {
			must(t, db, text)
			if !strings.Contains(text, "plinth:repeatable") {
				continue
			}
			fills++
			before := places(t, db)
			must(t, db, text)
			if places(t, db) != before {
				t.Errorf("%s: run again, this writes rows:\n%s", way, text)
			}
		}
		if want := map[string]int{"up": 2, "down": 1}[way]; fills != want {
			t.Errorf("%s: %d files fill, want %d", way, fills, want)
		}
	}
}

// places tells each version of each row.
func places(t *testing.T, db *sql.DB) (hash string) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT md5(string_agg(ctid || ' ' || xmin, ',' ORDER BY id)) FROM notes").Scan(&hash); err != nil {
		t.Fatal(err)
	}
	return hash
}

// What would go unseen with the old column is refused, and what has no way round says what to do.
func TestChangesThatCannotBeMadeOnlineAreRefused(t *testing.T) {
	const start = `CREATE TABLE t (id bigint PRIMARY KEY, a int, b int)`
	cases := map[string]struct{ by, after, want string }{
		"a privilege on the column":       {"GRANT SELECT (a) ON t TO pg_monitor", "id bigint PRIMARY KEY, a bigint, b int", "pg_monitor"},
		"a statistics target":             {"ALTER TABLE t ALTER COLUMN a SET STATISTICS 7", "id bigint PRIMARY KEY, a bigint, b int", "statistics"},
		"extended statistics":             {"CREATE STATISTICS s ON a, b FROM t", "id bigint PRIMARY KEY, a bigint, b int", "statistics"},
		"a trigger on update":             {"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()", "id bigint PRIMARY KEY, a bigint, b int", "touch"},
		"a trigger that comes last":       {"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER \"état\" BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "id bigint PRIMARY KEY, a bigint, b int", "état"},
		"a domain with a check":           {"CREATE DOMAIN d AS int CHECK (VALUE > 0)", "id bigint PRIMARY KEY, a int, b int, c d", "domain"},
		"a privilege on an enum type":     {"CREATE TYPE e AS ENUM ('x', 'y'); REVOKE USAGE ON TYPE e FROM PUBLIC; ALTER TABLE t ADD COLUMN c e", "id bigint PRIMARY KEY, a int, b int, c e", "enum e"},
		"an index to cluster by":          {"CREATE INDEX i ON t (a); ALTER TABLE t CLUSTER ON i", "id bigint PRIMARY KEY, a bigint, b int", "clustered"},
		"a view":                          {"CREATE VIEW v AS SELECT a FROM t", "id bigint PRIMARY KEY, a bigint, b int", "--online=false"},
		"a key that is referred to":       {"CREATE TABLE u (id int PRIMARY KEY, t bigint REFERENCES t (id))", "id text PRIMARY KEY, a int, b int", "(5) in one short transaction"},
		"a name that is taken":            {"ALTER TABLE t ADD COLUMN a_new int", "id bigint PRIMARY KEY, a bigint, b int, a_new int", "a_new"},
		"no key":                          {"ALTER TABLE t DROP CONSTRAINT t_pkey", "id bigint NOT NULL, a bigint, b int", "no primary key"},
		"a column that is numbered":       {"", "id bigint PRIMARY KEY, a int, b int, c bigint GENERATED ALWAYS AS IDENTITY", "gets a number in each row"},
		"a column of values of its own":   {"ALTER TABLE t DROP CONSTRAINT t_pkey", "id bigint NOT NULL, a int, b int, c text DEFAULT random()::text", "no primary key"},
		"a key of columns without values": {"ALTER TABLE t DROP CONSTRAINT t_pkey", "id bigint NOT NULL, a int NOT NULL DEFAULT 1, b int, PRIMARY KEY (id, a)", "may hold NULL"},
		"a required column without a key": {"ALTER TABLE t DROP CONSTRAINT t_pkey", "id bigint NOT NULL, a int NOT NULL DEFAULT 1, b int", "no primary key"},
		"a key that others refer to":      {"CREATE TABLE u (id int PRIMARY KEY, t bigint REFERENCES t (id))", "id bigint, a int, b int, PRIMARY KEY (id) INCLUDE (a)", "foreign key u.u_t_fkey refers to it"},
		"a key of another name":           {"", "id bigint, a int NOT NULL DEFAULT 1, b int, CONSTRAINT other PRIMARY KEY (id, a)", "of another name"},
		"a key by the name of a check":    {"ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)", "id bigint PRIMARY KEY, a int CONSTRAINT k UNIQUE, b int", "check t.k has its name"},
		"a name that an index needs":      {"CREATE INDEX k_new ON t (b)", "id bigint PRIMARY KEY, a int CONSTRAINT k UNIQUE, b int", "k_new"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			after := "CREATE TABLE t (" + c.after + ")"
			if strings.HasPrefix(c.by, "CREATE TABLE") {
				typ, _, _ := strings.Cut(strings.TrimPrefix(c.after, "id "), " ")
				after += "; " + strings.Replace(c.by, "t bigint", "t "+strings.TrimSuffix(typ, ","), 1)
			}
			if strings.HasPrefix(c.by, "CREATE DOMAIN") {
				after = c.by + "; " + after
			}
			if strings.HasPrefix(c.by, "CREATE TYPE") {
				after = "CREATE TYPE e AS ENUM ('x'); " + after
			}
			if index, _, ok := strings.Cut(c.by, ";"); ok && strings.HasPrefix(index, "CREATE INDEX") || strings.HasPrefix(c.by, "CREATE INDEX k_new") {
				after += "; " + index
			}
			model := diff.SQLModel(after)
			if strings.Contains(c.by, "GENERATED") {
				model = model.Using("t", "a", "length(c)")
			}
			in := input(t, model, directory{start, c.by})
			in.Online, in.AllowDrop = true, true
			_, err := diff.Plan(t.Context(), in)
			if _, ok := errors.AsType[*diff.UnsafeError](err); !ok || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), inOneFile) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

const inOneFile = "--online=false"

// A type that PostgreSQL changes in the catalog alone is changed in one file, but for a conversion, which writes each row.
func TestOnlyAChangeThatWritesTheTableHasAShadow(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, a character varying)"
	after := diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, a text)")
	for using, want := range map[string]int{"": 1, "upper(a)": 5} {
		in := input(t, after.Using("t", "a", using), directory{start})
		in.Online = true
		plan, err := diff.Plan(t.Context(), in)
		if err != nil || len(plan.Files) != want {
			t.Errorf("USING %q: %v, want %d files, got\n%s", using, err, want, strings.Join(ups(plan), "\n"))
		}
	}
}

// Writers of other time zones make of a value what the migration makes of it.
func TestAConversionDoesNotGoByTheWritersSettings(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz, x int)"
	in := input(t, diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, at date, x int)"), directory{start})
	in.Online, in.AllowDrop = true, true
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	db.SetMaxOpenConns(1)
	must(t, db, "SET TimeZone = 'UTC'; "+start+"; INSERT INTO t VALUES (1, '2026-01-01 23:30+00'), (2, '2026-01-01 23:30+00')")
	for _, text := range ups(plan) {
		must(t, db, text)
		must(t, db, "SET TimeZone = 'Europe/Berlin'; UPDATE t SET x = 1 WHERE id = 2; SET TimeZone = 'UTC'")
	}
	var days int
	if err := db.QueryRowContext(t.Context(), "SELECT count(DISTINCT at) FROM t").Scan(&days); err != nil || days != 1 {
		t.Errorf("equal times became %d days (%v)", days, err)
	}
}

// Columns that PostgreSQL computes stay as they are beside one whose type changes, of rows that are there and of those that come meanwhile.
func TestGeneratedColumnsStayBesideATypeThatChanges(t *testing.T) {
	const columns = `, name text, loud text GENERATED ALWAYS AS (upper(name)) STORED NOT NULL, size int GENERATED ALWAYS AS (length(name)) STORED);
CREATE INDEX t_loud ON t (loud)`
	start := "CREATE TABLE t (id bigint PRIMARY KEY, n int NOT NULL CHECK (n > 0)" + columns
	in := input(t, diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, n bigint NOT NULL CHECK (n > 0)"+columns), directory{start})
	in.Online, in.AllowDrop = true, true
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	must(t, db, start+"; INSERT INTO t (id, n, name) SELECT i, i, 'n' || i FROM generate_series(1, 1500) i")
	rows := 1500
	for _, text := range slices.Concat(ups(plan), downs(plan), ups(plan)) {
		must(t, db, text)
		rows++
		must(t, db, fmt.Sprintf("INSERT INTO t (id, n, name) VALUES (%[1]d, %[1]d, 'n%[1]d'); UPDATE t SET n = n + 1, name = name || 'x' WHERE id = %[1]d - 1500", rows))
		var right int
		const as = "SELECT count(*) FROM t WHERE loud = upper(name) AND size = length(name) AND n = id + (name LIKE '%x')::int"
		if err := db.QueryRowContext(t.Context(), as).Scan(&right); err != nil || right != rows {
			t.Fatalf("%d of %d rows are right (%v) after\n%s", right, rows, err, text)
		}
	}
}

// A row that cannot be converted stops the first file before writers depend on it.
func TestARowThatCannotBeConvertedStopsTheFirstFile(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, a text)"
	in := input(t, diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, a bigint)"), directory{start})
	in.Online, in.AllowDrop = true, true
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	must(t, db, start+"; INSERT INTO t VALUES (1, '7'), (2, 'abc')")
	if _, err := db.ExecContext(t.Context(), plan.Files[0].Up); err == nil || !strings.Contains(err.Error(), "abc") {
		t.Errorf("got %v", err)
	}
	must(t, db, "UPDATE t SET a = a")
}
