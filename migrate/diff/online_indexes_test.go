package diff_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// Indexes change on a table with rows, there and back, and nothing is built or dropped while others wait.
func TestIndexesChangeWhileWritersGoOn(t *testing.T) {
	long := strings.Repeat("i", 59)
	cases := map[string]struct{ before, after, index, rest string }{
		"a comment by hand stays": {
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, c int); CREATE INDEX i ON t (a); COMMENT ON INDEX i IS 'for the report'",
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, c int); CREATE INDEX i ON t (a, id)", "i", "for the report",
		},
		"one of its columns goes": {
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, b int NOT NULL); CREATE INDEX i ON t (a, b)",
			"CREATE TABLE t (id bigint PRIMARY KEY, a int); CREATE INDEX i ON t (a)", "i", "",
		},
		"one of its columns gets a type that is the same on disk": {
			"CREATE TABLE t (id bigint PRIMARY KEY, a varchar(10), b int); CREATE INDEX i ON t (a); CREATE INDEX gone ON t (a, b)",
			"CREATE TABLE t (id bigint PRIMARY KEY, a text, b int); CREATE INDEX i ON t (a, b)", "i", "",
		},
		"a long name": {
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, c int); CREATE INDEX " + long + " ON t (a)",
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, c int); CREATE INDEX " + long + " ON t (a, id)", long, "",
		},
		"quoted names": {
			`CREATE TABLE t (id bigint PRIMARY KEY, a int, "b) INCLUDE (""c" int, CONSTRAINT "K ""x" UNIQUE (a))`,
			`CREATE TABLE t (id bigint PRIMARY KEY, a int, "b) INCLUDE (""c" int, CONSTRAINT "K ""x" UNIQUE ("b) INCLUDE (""c", a) INCLUDE (id))`, `"K ""x"`, "",
		},
		"a key takes the place of one on a column that goes": {
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, code text NOT NULL, CONSTRAINT k UNIQUE (code))",
			"CREATE TABLE t (id bigint PRIMARY KEY, a int, CONSTRAINT k UNIQUE (a))", "k", "",
		},
		"a key and an index swap their names": {
			"CREATE TABLE t (id bigint NOT NULL, a int NOT NULL, c int, CONSTRAINT k UNIQUE (id)); CREATE UNIQUE INDEX i ON t (a)",
			"CREATE TABLE t (id bigint NOT NULL, a int NOT NULL, c int, CONSTRAINT i UNIQUE (id)); CREATE UNIQUE INDEX k ON t (a)", "k", "",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(t, diff.SQLModel(c.after), directory{c.before})
			in.Online, in.AllowDrop = true, true
			plan, err := diff.Plan(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			db := database(t)
			must(t, db, c.before+"; INSERT INTO t SELECT i, i, i FROM generate_series(1, 3) i")
			for _, text := range slices.Concat(ups(plan), downs(plan), ups(plan)) {
				if locked := underLock.FindString(text); locked != "" {
					t.Errorf("others wait for %q in\n%s", locked, text)
				}
				must(t, db, text)
			}
			var comment string
			if err := db.QueryRowContext(t.Context(), "SELECT coalesce(obj_description($1::regclass), '')", c.index).Scan(&comment); err != nil || comment != c.rest {
				t.Errorf("the comment is %q (%v), want %q", comment, err, c.rest)
			}
		})
	}
}

// What would be built while others wait is refused, and so is what needs a name that another has.
func TestIndexesThatCannotBeBuiltConcurrentlyAreRefused(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text)"
	long := strings.Repeat("i", 60)
	key := func(of string) string { return strings.TrimSuffix(start, ")") + ", CONSTRAINT k " + of + ")" }
	cases := map[string]struct{ before, after, want string }{
		"an index with a name that is too long":    {start + "; CREATE INDEX " + long + " ON t (a)", start + "; CREATE INDEX " + long + " ON t (a, b)", "is too long"},
		"an index whose other name is taken":       {start + "; CREATE INDEX i ON t (a); CREATE SEQUENCE i_old", start + "; CREATE INDEX i ON t (a, b)", `"i_old", which it needs`},
		"a key whose other name is a view's":       {start + "; CREATE VIEW k_new AS SELECT 1", key("UNIQUE (a)"), `"k_new", which it needs`},
		"a key whose other name will be taken":     {start, key("UNIQUE (a)") + "; CREATE TABLE k_new (id int)", `"k_new", which it needs`},
		"a name that another table's index has":    {start + "; CREATE TABLE u (a int); CREATE INDEX i ON t (a)", start + "; CREATE TABLE u (a int); CREATE INDEX i ON u (a)", `table "t" has one of that name`},
		"an index that a foreign key needs":        {start + "; CREATE UNIQUE INDEX i ON t (a); CREATE TABLE u (a int CONSTRAINT f REFERENCES t (a))", start + "; CREATE UNIQUE INDEX i ON t (a) INCLUDE (b); CREATE TABLE u (a int CONSTRAINT f REFERENCES t (a))", "foreign key u.f refers to it"},
		"an index that a new foreign key needs":    {start + "; CREATE TABLE u (a int)", start + "; CREATE UNIQUE INDEX i ON t (a); CREATE TABLE u (a int CONSTRAINT f REFERENCES t (a))", "foreign key u.f, which is new"},
		"a key that a new foreign key needs":       {start + "; CREATE TABLE u (a int)", key("UNIQUE (a)") + "; CREATE TABLE u (a int CONSTRAINT f REFERENCES t (a))", "foreign key u.f, which is new"},
		"an index of text that compares anew":      {start + "; CREATE INDEX i ON t (b)", strings.Replace(start, "text", `text COLLATE "C"`, 1) + "; CREATE INDEX i ON t (b)", "index i"},
		"a key of text that compares anew":         {key("UNIQUE (b)"), strings.Replace(key("UNIQUE (b)"), "text", `text COLLATE "C"`, 1), "unique constraint t.k"},
		"an expression over another type":          {start + "; CREATE INDEX i ON t (lower(b))", strings.Replace(start, "text", "varchar", 1) + "; CREATE INDEX i ON t (lower(b))", "builds it anew"},
		"a check by the name of a key that goes":   {key("UNIQUE (a)"), key("CHECK (a > 0)"), "check t.k has its name"},
		"a key that is the replica identity":       {strings.Replace(key("UNIQUE (a)"), "a int", "a int NOT NULL", 1) + "; ALTER TABLE t REPLICA IDENTITY USING INDEX k", strings.Replace(key("UNIQUE (a, id)"), "a int", "a int NOT NULL", 1), "replica identity"},
		"a key by which the table is clustered":    {key("UNIQUE (a)") + "; ALTER TABLE t CLUSTER ON k", key("UNIQUE (a, b)"), "clustered"},
		"an index by which the table is clustered": {start + "; CREATE INDEX i ON t (a); ALTER TABLE t CLUSTER ON i", start, "clustered"},
		"a key with options":                       {key("UNIQUE (a) WITH (fillfactor = 70)"), key("UNIQUE (a, b)"), "fillfactor=70"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(t, diff.SQLModel(c.after), directory{c.before})
			in.Online, in.AllowDrop = true, true
			in.Managed = []string{"constraint t.k"}
			_, err := diff.Plan(t.Context(), in)
			if _, ok := errors.AsType[*diff.UnsafeError](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
		})
	}
}
