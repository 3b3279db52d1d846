package catalog_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/catalog"
)

func connection(t *testing.T, db *sql.DB) *sql.Conn {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func text(t *testing.T, s *catalog.Snapshot) string {
	t.Helper()
	var b bytes.Buffer
	n, err := s.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatalf("WriteTo returned %d, %v after %d bytes", n, err, b.Len())
	}
	return b.String()
}

func checkEqual(t *testing.T, a, b *catalog.Snapshot) {
	t.Helper()
	for _, c := range catalog.Compare(a, b) {
		t.Errorf("%s\n- %s\n+ %s", c, c.Before, c.After)
	}
	if a.Fingerprint() != b.Fingerprint() {
		t.Error("fingerprints differ")
	}
}

func TestDatabasesMadeAlikeAreEqual(t *testing.T) {
	a := read(t, fixtureDB(t))
	other := emptyDB(t)
	execute(t, other, "CREATE TABLE shift (); DROP TABLE shift") // other OIDs
	execute(t, other, readFile(t, "testdata/fixture.sql"))
	subscribe(t, other)
	checkEqual(t, a, read(t, other))
}

func TestFixtureHoldsEveryKind(t *testing.T) {
	tx := begin(t, fixtureDB(t))
	execute(t, tx, "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM public")
	there := map[string]bool{}
	for _, o := range read(t, tx).Objects {
		there[o.Kind] = true
	}
	for _, kind := range catalog.Kinds {
		if !there[kind] {
			t.Errorf("testdata/fixture.sql has no %s", kind)
		}
		delete(there, kind)
	}
	for kind := range there {
		t.Errorf("%q is no Kind constant", kind)
	}
}

func TestObjectsAreSortedAndHaveOneIdentityEach(t *testing.T) {
	s := read(t, fixtureDB(t))
	names := map[string]bool{}
	for i, o := range s.Objects {
		if names[o.String()] {
			t.Errorf("%s is there twice", o)
		}
		names[o.String()] = true
		if found, ok := s.Find(o.Kind, o.Schema, o.Name); !ok || found != s.Objects[i] {
			t.Errorf("Find does not find %s", o)
		}
	}
	if _, ok := s.Find(catalog.KindTable, "app", "nothing"); ok {
		t.Error("Find finds what is not there")
	}
}

func TestColumnOrderIsReportedButNotCompared(t *testing.T) {
	db := emptyDB(t)
	tx := begin(t, db)
	var snapshots []*catalog.Snapshot
	for _, columns := range []string{
		"a int, gap int, b text NOT NULL, c date DEFAULT '2020-01-01'",
		"c date DEFAULT '2020-01-01', b text NOT NULL, a int, gap int",
	} {
		try(t, tx, func() {
			execute(t, tx, "CREATE TABLE t ("+columns+"); ALTER TABLE t DROP gap; CREATE STATISTICS st ON a, b FROM t")
			snapshots = append(snapshots, read(t, tx))
		})
	}
	checkEqual(t, snapshots[0], snapshots[1])
	for i, want := range [][]int{{1, 2, 3}, {3, 2, 1}} {
		var got []int
		for _, column := range []string{"t.a", "t.b", "t.c"} {
			o, _ := snapshots[i].Find(catalog.KindColumn, "public", column)
			got = append(got, o.Order)
		}
		if !slices.Equal(got, want) {
			t.Errorf("places %v, want %v", got, want)
		}
	}
}

func TestSessionSettingsDoNotMatter(t *testing.T) {
	db := fixtureDB(t)
	want := read(t, db)
	conn := connection(t, db)
	for _, set := range []string{
		"search_path = app, other", "DateStyle = 'German'", "IntervalStyle = sql_standard", "TimeZone = 'Asia/Tokyo'",
		"quote_all_identifiers = on", "extra_float_digits = -5", "bytea_output = escape", "standard_conforming_strings = off",
	} {
		execute(t, conn, "SET "+set)
	}
	execute(t, conn, "CREATE TEMPORARY TABLE pg_class AS SELECT 1 AS oid; SET search_path = pg_temp, app, pg_catalog")
	checkEqual(t, want, read(t, conn))
}

func TestReadLeavesTheTransactionAsItWas(t *testing.T) {
	tx := begin(t, emptyDB(t))
	execute(t, tx, "SET LOCAL DateStyle = 'German, DMY'; CREATE TABLE kept (a int)")
	cancelled, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, ctx := range []context.Context{t.Context(), cancelled} {
		_, err := catalog.Read(ctx, tx)
		if (err != nil) != (ctx.Err() != nil) {
			t.Fatal(err)
		}
		cancel()
		var style, path string
		err = tx.QueryRowContext(t.Context(), `SELECT current_setting('DateStyle'), current_setting('search_path')
			FROM kept RIGHT JOIN (VALUES (1)) v ON true`).Scan(&style, &path)
		if err != nil || style != "German, DMY" || strings.Contains(path, "pg_catalog") {
			t.Errorf("DateStyle %q, search_path %q, %v", style, path, err)
		}
	}
}

// queryOnly hides that a *sql.DB or *sql.Conn can begin a transaction.
type queryOnly struct{ catalog.Querier }

func TestReadOutsideATransactionIsRefused(t *testing.T) {
	_, err := catalog.Read(t.Context(), queryOnly{emptyDB(t)})
	readError, ok := errors.AsType[*catalog.ReadError](err)
	if !ok || readError.Reading != "transaction" || !strings.Contains(err.Error(), "pass a *sql.DB") {
		t.Errorf("got %v", err)
	}
}

func TestReadInATransactionBegunBySQLSeesItsChanges(t *testing.T) {
	conn := connection(t, emptyDB(t))
	execute(t, conn, "BEGIN; CREATE TABLE fresh (a int)")
	if _, ok := read(t, queryOnly{conn}).Find(catalog.KindTable, "public", "fresh"); !ok {
		t.Error("the new table is missing")
	}
	execute(t, conn, "ROLLBACK")
	if _, err := catalog.Read(t.Context(), conn); err != nil {
		t.Error(err)
	}
}

func TestCancelledReadSaysSo(t *testing.T) {
	db := emptyDB(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := catalog.Read(ctx, db); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAnyRoleCanRead(t *testing.T) {
	db := fixtureDB(t)
	full := read(t, db)
	conn := connection(t, db)
	execute(t, conn, "SET ROLE pg_monitor")
	defer execute(t, conn, "RESET ROLE") // the pool would hand the connection on as it is
	seen := map[string]bool{"subscription": true, "user mapping": true, "default privileges": true, "policy": true}
	for _, c := range catalog.Compare(full, read(t, conn)) {
		if !seen[c.Object.Kind] {
			t.Errorf("%s\n- %s\n+ %s", c, c.Before, c.After)
		}
	}
}

func TestSecretsDoNotLeaveTheServer(t *testing.T) {
	s := text(t, read(t, fixtureDB(t)))
	if strings.Contains(s, "sesame") {
		t.Error("a password is in the dump")
	}
	for _, shown := range []string{"password sha256:", "connection sha256:", `"user" 'u'`, "host 'h'"} {
		if !strings.Contains(s, shown) {
			t.Errorf("%q is not in the dump", shown)
		}
	}
}

func TestExcludedSchemasAreGoneWithEverythingInThem(t *testing.T) {
	db := fixtureDB(t)
	want := slices.DeleteFunc(read(t, db).Objects, func(o catalog.Object) bool {
		return o.Schema == "app" || o.Kind == catalog.KindSchema && o.Name == "app"
	})
	if got := read(t, db, catalog.ExcludeSchemas("app", "unknown")).Objects; !slices.Equal(got, want) {
		t.Errorf("%d objects, want %d", len(got), len(want))
	}
}

func TestOnlySchemasLeavesOutWhatIsOutsideSchemas(t *testing.T) {
	db := fixtureDB(t)
	all := read(t, db).Objects
	cases := []struct {
		name string
		opts []catalog.Option
		want []string
	}{
		{"none", []catalog.Option{catalog.OnlySchemas()}, nil},
		{"one", []catalog.Option{catalog.OnlySchemas("app")}, []string{"app"}},
		{"two in one option", []catalog.Option{catalog.OnlySchemas("app", "public")}, []string{"app", "public"}},
		{"two options", []catalog.Option{catalog.OnlySchemas("app"), catalog.OnlySchemas("public")}, []string{"app", "public"}},
		{"exclusion wins", []catalog.Option{catalog.OnlySchemas("app", "public"), catalog.ExcludeSchemas("app")}, []string{"public"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			want := slices.DeleteFunc(slices.Clone(all), func(o catalog.Object) bool {
				return !slices.Contains(c.want, o.Schema) && (o.Kind != catalog.KindSchema || !slices.Contains(c.want, o.Name))
			})
			if got := read(t, db, c.opts...).Objects; !slices.Equal(got, want) {
				t.Errorf("%d objects, want %d", len(got), len(want))
			}
		})
	}
}

func TestOptionsSeeMore(t *testing.T) {
	tx := begin(t, fixtureDB(t))
	cases := []struct {
		name, sql, want string
		opt             catalog.Option
	}{
		{"owners", "ALTER TABLE app.posts OWNER TO pg_monitor", "altered table app.posts", catalog.WithOwners()},
		{"extension versions", "UPDATE pg_extension SET extversion = '0' WHERE extname = 'hstore'", "altered extension hstore", catalog.WithExtensionVersions()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			without, with := read(t, tx), read(t, tx, c.opt)
			try(t, tx, func() {
				execute(t, tx, c.sql)
				checkEqual(t, without, read(t, tx))
				if got := lines(catalog.Compare(with, read(t, tx, c.opt))); !slices.Equal(got, []string{c.want}) {
					t.Errorf("got %q", got)
				}
			})
		})
	}
}

func TestFactsWithLineBreaksCannotPassForOthers(t *testing.T) {
	tx := begin(t, emptyDB(t))
	var texts []string
	for _, table := range []string{
		`CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS E'x\ncollation "C"'`,
		`CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS E'x\n  collation "C"'`,
		`CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'x'`,
	} {
		try(t, tx, func() {
			execute(t, tx, table)
			texts = append(texts, text(t, read(t, tx)))
		})
	}
	if slices.Sort(texts); len(slices.Compact(texts)) != 3 {
		t.Error("different comments give the same text")
	}
	if strings.Contains(strings.Join(texts, ""), "\n  collation") {
		t.Error("a comment's second line looks like a fact")
	}
}
