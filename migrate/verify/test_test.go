package verify_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/verify"
)

const (
	users     = "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE, age int CHECK (age BETWEEN 18 AND 99))"
	dropUsers = "DROP TABLE users"
)

func TestWhatATestFinds(t *testing.T) {
	tests := []struct {
		name     string
		contents []string
		want     []string // one for each migration: "" for ok without a word, "ok: " and a part of the notes, or a part of the failures
	}{
		{"nothing wrong", []string{users, dropUsers}, []string{""}},
		{
			"a down that forgets a table",
			[]string{users, dropUsers, "CREATE TABLE a (id int); CREATE TABLE b (id int)", "DROP TABLE a"},
			[]string{"", "added table public.b"},
		},
		{"a down that does nothing", []string{users, dropUsers, "CREATE INDEX by_age ON users (age)", "SELECT 1"}, []string{"", "added index public.by_age"}},
		{
			"a missing down",
			[]string{users, dropUsers, "CREATE TABLE a (id int)", "none", "CREATE TABLE b (id int)", "DROP TABLE b"},
			[]string{"", "no down file", ""},
		},
		{"a required column without a default", []string{
			users, dropUsers, "ALTER TABLE users ADD email text NOT NULL", "ALTER TABLE users DROP email",
			"CREATE TABLE b (id int)", "DROP TABLE b",
		}, []string{"", "the up fails when the tables hold rows", ""}},
		{
			"a down that fails on NULL",
			[]string{users + "; CREATE TABLE x (id int NOT NULL, v int NOT NULL)", dropUsers + "; DROP TABLE x", "ALTER TABLE x ALTER v DROP NOT NULL", "ALTER TABLE x ALTER v SET NOT NULL"},
			[]string{"", "the down fails: 2_m.down.sql"},
		},
		{"the same, declared", []string{
			"CREATE TABLE x (id int NOT NULL, v int NOT NULL)", "DROP TABLE x", "ALTER TABLE x ALTER v DROP NOT NULL",
			"-- plinth:irreversible NULLs\n\nALTER TABLE x ALTER v SET NOT NULL",
		}, []string{"", "ok: the down fails on rows that were made for the test"}},
		{
			"data lost",
			[]string{users, dropUsers, "ALTER TABLE users DROP age", "ALTER TABLE users ADD age int CHECK (age BETWEEN 18 AND 99)"},
			[]string{"", "table public.users: 2 of 3 rows changed in age"},
		},
		{"data lost, declared", []string{
			users, dropUsers, "ALTER TABLE users DROP age",
			"-- plinth:irreversible the ages\n\nALTER TABLE users ADD age int CHECK (age BETWEEN 18 AND 99)",
		}, []string{"", "ok: lost, as declared: table public.users"}},
		{"rows deleted", []string{users, dropUsers, "CREATE TABLE t (id int)", "DELETE FROM users; DROP TABLE t"}, []string{"", "all 3 rows are gone"}},
		{"another schema the second time", []string{
			users, dropUsers,
			"CREATE SEQUENCE IF NOT EXISTS s; CREATE TABLE log (id int)", "DROP TABLE log; DROP SEQUENCE s", "CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE users ADD m mood",
			"ALTER TABLE users DROP m; DROP TYPE mood",
		}, []string{"", "", ""}},
		{
			"an up that fails",
			[]string{users, dropUsers, "CREATE TABLE a (id nonsense)", "DROP TABLE a", "CREATE TABLE b (id int)", "DROP TABLE b"},
			[]string{"", "the up fails: 2_m.up.sql", "not tested, since 2 cannot be applied"},
		},
		{"a down with an error", []string{users, "DROP TABLE userz", "CREATE TABLE b (id int)", "DROP TABLE b"}, []string{`"userz" does not exist`, ""}},
		{
			"what cannot be filled",
			[]string{"CREATE TABLE odd (v text NOT NULL CHECK (md5(v) = 'x'))", "DROP TABLE odd"},
			[]string{"ok: no rows could be made for public.odd"},
		},
		{"without a transaction", []string{
			users, dropUsers, "-- atlas:txmode none\n\nCREATE INDEX CONCURRENTLY by_age ON users (age)",
			"-- atlas:txmode none\n\nDROP INDEX CONCURRENTLY by_age",
		}, []string{"", ""}},
		{"settings of a file", []string{"CREATE SCHEMA app; SET search_path = app; CREATE TABLE t (id int)", "DROP SCHEMA app CASCADE", users, dropUsers}, []string{"", ""}},
		{"a column that gets narrower", []string{
			"CREATE TABLE x (v varchar(20))", "DROP TABLE x",
			"ALTER TABLE x ALTER v TYPE varchar(3)", "ALTER TABLE x ALTER v TYPE varchar(20)",
		}, []string{"", "ok: the up fails on rows that were made for the test"}},
		{"a down that new values do not fit", []string{
			"CREATE TABLE x (v varchar(3))", "DROP TABLE x",
			"ALTER TABLE x ALTER v TYPE varchar(20)", "ALTER TABLE x ALTER v TYPE varchar(3)",
		}, []string{"", "ok: the down fails on rows that were made for the test"}},
		{"an empty directory", nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			outcomes, err := verify.Test(t.Context(), scratch(t), pairs(t, tt.contents...))
			if err != nil {
				t.Fatal(err)
			}
			if len(outcomes) != len(tt.want) {
				t.Fatalf("%d outcomes, want %d", len(outcomes), len(tt.want))
			}
			for i, o := range outcomes {
				part, wantOK := strings.CutPrefix(tt.want[i], "ok: ")
				wantOK = wantOK || part == ""
				if o.OK() != wantOK || !strings.Contains(o.Detail(), part) && !hasAll(o.Detail(), part) || part == "" && o.Detail() != "" {
					t.Errorf("%s: ok is %v, %q; want %q", o.Version, o.OK(), o.Detail(), tt.want[i])
				}
			}
		})
	}
}

func hasAll(s, parts string) bool {
	for part := range strings.SplitSeq(parts, ", ") {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

// TestEveryTableGetsRows shows the kinds of columns and constraints that can be filled: a down that loses the rows of each must be found.
func TestEveryTableGetsRows(t *testing.T) {
	tables := []string{
		"CREATE TABLE x (a int, b smallint, c bigint, d numeric(3,2), e numeric(4), f real, g money, h boolean)",
		"CREATE TABLE x (a text, b varchar(3) UNIQUE, c char(2), d name, e \"char\", f uuid UNIQUE, g bytea, h xml, i tsvector, j tsquery)",
		"CREATE TABLE x (a date, b timestamp, c timestamptz, d time, e timetz, f interval, g json, h jsonb, i inet, j cidr, k macaddr, l bit(3), m varbit)",
		"CREATE TABLE x (a point, b box, c circle, d polygon, e path, f lseg, g line, h int4range, i tstzrange, j nummultirange, k pg_lsn, l oid)",
		"CREATE TYPE mood AS ENUM ('sad', 'it''s'); CREATE TABLE x (a mood NOT NULL, b mood[] NOT NULL, c int[], d text[][])",
		"CREATE DOMAIN pos AS int CHECK (VALUE > 0 AND VALUE < 10); CREATE DOMAIN mail AS text NOT NULL CHECK (VALUE ~ '@'); CREATE TABLE x (a pos NOT NULL, b mail)",
		"CREATE TYPE pair AS (a int, b text); CREATE TABLE x (p pair NOT NULL, q pair[])",
		"CREATE TABLE x (id int GENERATED ALWAYS AS IDENTITY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED)",
		"CREATE TABLE x (a int NOT NULL CHECK (a < 0), status text CHECK (status IN ('new', 'old')), p numeric CHECK (p BETWEEN 0.25 AND 0.3))",
		"CREATE TABLE x (since date NOT NULL, until date NOT NULL, CHECK (since < until), lo int NOT NULL, hi int NOT NULL, CHECK (lo < hi))",
		"CREATE TABLE x (id int PRIMARY KEY, boss int NOT NULL REFERENCES x)",
		"CREATE TABLE a (k int, l text, PRIMARY KEY (k, l)); CREATE TABLE x (k int NOT NULL, l text NOT NULL, FOREIGN KEY (k, l) REFERENCES a, UNIQUE (k))",
		"CREATE TABLE x (at date NOT NULL, v int) PARTITION BY RANGE (at); CREATE TABLE x1 PARTITION OF x FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')",
		"CREATE TABLE x (kind text NOT NULL) PARTITION BY LIST (kind); CREATE TABLE x1 PARTITION OF x FOR VALUES IN ('k')",
		"CREATE TABLE x (during int4range NOT NULL, EXCLUDE USING gist (during WITH &&))",
		`CREATE TABLE x ("Odd ""name" int NOT NULL, plinth_row int, "select" text NOT NULL)`,
		"CREATE TABLE x (only_one boolean NOT NULL UNIQUE CHECK (only_one))",
		"CREATE TABLE x ()",
	}
	for _, table := range tables {
		t.Run(table, func(t *testing.T) {
			outcomes, err := verify.Test(t.Context(), scratch(t), pairs(t, table, "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
				"CREATE TABLE later (id int)", "DROP TABLE later; DELETE FROM x"))
			if err != nil {
				t.Fatal(err)
			}
			if d := outcomes[0].Detail(); strings.Contains(d, "no rows") {
				t.Error(d)
			}
			if d := outcomes[1].Detail(); !strings.Contains(d, "are gone") {
				t.Errorf("the lost rows were not found: %q", d)
			}
		})
	}
}

// TestAfterABase: only what follows it is tested, on the rows of the tables that were there.
func TestAfterABase(t *testing.T) {
	contents := []string{
		users, dropUsers,
		"ALTER TABLE users ADD mail text", "ALTER TABLE users DROP mail",
		"ALTER TABLE users DROP age", "ALTER TABLE users ADD age int CHECK (age BETWEEN 18 AND 99)",
	}
	for base, want := range map[string][]string{migrate.Base: {"", "", "rows changed in age"}, "1": {"", "rows changed in age"}, "3": {}} {
		fsys := pairs(t, contents...)
		applied := func(ctx context.Context) (*sql.DB, func(), error) {
			db, drop, err := scratch(t)(ctx)
			if err != nil {
				return nil, nil, err
			}
			m, err := migrate.New(db, fsys)
			if err == nil && base != migrate.Base {
				_, err = m.UpTo(ctx, base)
			}
			return db, drop, err
		}
		outcomes, err := verify.TestAfter(t.Context(), applied, fsys, base)
		if err != nil || len(outcomes) != len(want) {
			t.Fatalf("after %s: %+v, %v", base, outcomes, err)
		}
		for i, o := range outcomes {
			if o.OK() != (want[i] == "") || !strings.Contains(o.Detail(), want[i]) {
				t.Errorf("after %s: %s: %q, want %q", base, o.Version, o.Detail(), want[i])
			}
		}
	}
}

// TestAfterABaseFillsWhatIsNear: rows only where they can matter, which is also where an enum type's values are stored, and what is referenced.
func TestAfterABaseFillsWhatIsNear(t *testing.T) {
	base := "CREATE TYPE mood AS ENUM ('sad'); CREATE TABLE far (id int); CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE moods (m mood[])"
	for name, c := range map[string]struct{ up, down, want string }{
		"a table that references": {"CREATE TABLE posts (author int NOT NULL REFERENCES users)", "DROP TABLE posts", "ok"},
		"a loss in the referenced": {
			"CREATE TABLE posts (author int NOT NULL REFERENCES users)", "DROP TABLE posts; DELETE FROM users", "all 3 rows are gone",
		},
		"a loss elsewhere, not seen": {"CREATE TABLE posts (author int NOT NULL REFERENCES users)", "DROP TABLE posts; DELETE FROM far", "ok"},
		"a loss where the type is": {
			"ALTER TYPE mood ADD VALUE 'glad'",
			"ALTER TABLE moods DROP m; DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad'); ALTER TABLE moods ADD m mood[]", "rows of table public.moods",
		},
		"an up that fails": {"SELECT 1/0", "SELECT 1", "division by zero"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := pairs(t, base, "DROP TABLE far, users, moods; DROP TYPE mood", c.up, c.down)
			applied := func(ctx context.Context) (*sql.DB, func(), error) {
				db, drop, err := scratch(t)(ctx)
				if err != nil {
					return nil, nil, err
				}
				m, err := migrate.New(db, fsys)
				if err == nil {
					_, err = m.UpTo(ctx, "1")
				}
				return db, drop, err
			}
			outcomes, err := verify.TestAfter(t.Context(), applied, fsys, "1")
			if err != nil || len(outcomes) != 1 {
				t.Fatalf("%+v, %v", outcomes, err)
			}
			if o := outcomes[0]; o.OK() != (c.want == "ok") || !o.OK() && !strings.Contains(o.Detail()+strings.Join(o.Lost, " "), c.want) {
				t.Errorf("%s, want %s", o.Detail(), c.want)
			}
		})
	}
}
