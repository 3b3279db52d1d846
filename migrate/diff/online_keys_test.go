package diff_test

import (
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/diff"
)

// underLock finds keys and indexes that are built while others wait.
var underLock = regexp.MustCompile(`ADD (CONSTRAINT \S+ )?(UNIQUE|PRIMARY KEY) ?(NULLS NOT DISTINCT )?\(|CREATE (UNIQUE )?INDEX "|DROP INDEX "`)

// Keys come, change and go by indexes that were built CONCURRENTLY, there and back; in between no row gets in that both versions forbid, and
// none that the only one forbids as long as its index must be there.
func TestKeysChangeWhileWritersGoOn(t *testing.T) {
	const columns = "id bigint NOT NULL, a int NOT NULL, b int, c text"
	cases := map[string]struct{ before, after, double string }{
		"a key comes":                      {"", ", CONSTRAINT k UNIQUE (a) DEFERRABLE", "2, 1, 5, 'x'"},
		"a key goes":                       {", CONSTRAINT k UNIQUE (a, b)", "", "2, 1, 1, 'x'"},
		"a key is deferred":                {", CONSTRAINT k UNIQUE (a)", ", CONSTRAINT k UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", "2, 1, 5, 'x'"},
		"a key takes NULL for a value":     {", CONSTRAINT k UNIQUE (a, b)", ", CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a, b)", "2, 1, 1, 'x'"},
		"a key includes a column":          {", CONSTRAINT k UNIQUE (a)", ", CONSTRAINT k UNIQUE (a) INCLUDE (b, c)", "2, 1, 5, 'x'"},
		"a primary key comes":              {"", ", PRIMARY KEY (id)", "1, 1, 5, 'x'"},
		"a primary key goes":               {", CONSTRAINT k PRIMARY KEY (id)", "", "1, 1, 5, 'x'"},
		"a primary key has another column": {", CONSTRAINT k PRIMARY KEY (id)", ", CONSTRAINT k PRIMARY KEY (id, a)", "1, 1, 5, 'x'"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := "CREATE TABLE t (" + columns + c.before + ")"
			in := input(t, diff.SQLModel("CREATE TABLE t ("+columns+c.after+")"), directory{start})
			in.Online, in.AllowDrop = true, true
			in.Managed = []string{"constraint t.k"}
			plan, err := diff.Plan(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range plan.Files {
				if locked := underLock.FindString(f.Up + f.Down); locked != "" {
					t.Errorf("%s: others wait for %q in\n%s%s", f.Name, locked, f.Up, f.Down)
				}
				if n := len(steps(t, f.Up)); n > 1 {
					t.Errorf("%s: %d statements without a transaction", f.Name, n)
				}
			}
			db := database(t)
			must(t, db, start+"; INSERT INTO t VALUES (1, 1, 1, 'x')")
			for _, text := range slices.Concat(ups(plan), downs(plan), ups(plan)) {
				for _, sql := range steps(t, text) {
					must(t, db, sql)
					if none := c.before == "" && strings.Contains(sql, "DROP INDEX") || c.after == "" && strings.Contains(sql, "DROP CONSTRAINT"); !none {
						forbids(t, db, c.double, sql)
					}
				}
			}
		})
	}
}

func forbids(t *testing.T, db *sql.DB, values, after string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), "INSERT INTO t VALUES ("+values+")")
	if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != "23505" {
		t.Fatalf("a row that is there already: %v, after\n%s", err, after)
	}
}

// A column of the new primary key that may hold NULL is filled and required before.
func TestColumnsOfANewPrimaryKeyAreRequiredFirst(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, a int)"
	in := input(t, diff.SQLModel("CREATE TABLE t (id bigint, a int NOT NULL DEFAULT 7, PRIMARY KEY (id, a))"), directory{start})
	in.Online = true
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range plan.Files {
		names = append(names, f.Name)
	}
	if got, want := strings.Join(names, " "), " fill_t_a require finish index_t_pkey key_t_pkey"; got != want {
		t.Errorf("files %q, want %q", got, want)
	}
	db := database(t)
	must(t, db, start+"; INSERT INTO t SELECT i, nullif(i % 3, 0) FROM generate_series(1, 2500) i")
	for _, text := range ups(plan) {
		must(t, db, text)
	}
	var filled int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM t WHERE a = 7").Scan(&filled); err != nil || filled != 833 {
		t.Errorf("%d rows were filled (%v), want 833", filled, err)
	}
}

// A comment on a key follows it, and the table that is planned next owns what the last plan made.
func TestAKeyKeepsItsCommentAndItsOwner(t *testing.T) {
	start := directory{`CREATE TABLE t (id bigint PRIMARY KEY, a int); CREATE UNIQUE INDEX k ON t (a); COMMENT ON INDEX k IS 'one each'`}
	steps := []string{
		"; ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) DEFERRABLE; COMMENT ON CONSTRAINT k ON t IS 'one each, late'",
		"; CREATE UNIQUE INDEX k ON t (lower(a::text)); COMMENT ON INDEX k IS 'one each'",
		"; CREATE UNIQUE INDEX k ON t (upper(a::text))",
		"",
	}
	for _, step := range steps {
		in := input(t, diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, a int)"+step), start)
		in.Online, in.Managed = true, diff.Managed(start...)
		plan, err := diff.Plan(t.Context(), in)
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if len(plan.Files) == 0 {
			t.Errorf("%s: no plan after\n%s", step, strings.Join(start, "\n"))
		}
		start = append(start, ups(plan)...)
	}
	if left := diff.Managed(start...); len(left) > 0 {
		t.Errorf("of what the plans made and dropped is left %v", left)
	}
}
