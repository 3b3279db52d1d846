package verify_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/plinth-db/plinth/migrate/verify"
)

func TestFillReachesEachPartition(t *testing.T) {
	db := filled(t, `
CREATE TABLE m (at date NOT NULL, kind text NOT NULL, n int) PARTITION BY RANGE (at);
CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE m2 PARTITION OF m FOR VALUES FROM ('2024-02-01') TO ('2024-03-01') PARTITION BY LIST (kind);
CREATE TABLE m2a PARTITION OF m2 FOR VALUES IN ('a');
CREATE TABLE m2b PARTITION OF m2 FOR VALUES IN ('b');
CREATE TABLE md PARTITION OF m DEFAULT;
CREATE TABLE h (id int) PARTITION BY HASH (id);
CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1)`, nil)
	for _, table := range []string{"m1", "m2a", "m2b", "md", "h0", "h1"} {
		if n := count(t, db, table); n == 0 {
			t.Errorf("%s has no row", table)
		}
	}
}

func TestFillPutsRowsWhereTheyAreWanted(t *testing.T) {
	db := filled(t, `
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL REFERENCES parent, note text);
CREATE TABLE other (id int)`, []string{"parent", "child"})
	for table, want := range map[string]int{"parent": 3, "child": 3, "other": 0, "child WHERE note IS NULL": 1} {
		if n := count(t, db, table); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
}

func TestFillSaysWhatItCannot(t *testing.T) {
	db, drop, err := scratch(t)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer drop()
	must(t, db, `CREATE TABLE never (id int NOT NULL CHECK (id > 1 AND id < 1)); CREATE TABLE part (id int) PARTITION BY LIST (id);
		CREATE TABLE p1 PARTITION OF part (CHECK (id > 1 AND id < 1)) FOR VALUES IN (1)`)
	list, err := verify.Fill(t.Context(), db, func(string, string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range list {
		if u.Schema != "public" || u.Reason == "" {
			t.Errorf("got %+v", u)
		}
		names = append(names, u.Name)
	}
	if want := []string{"never", "part", "p1"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

// filled is a database with rows in the wanted tables; nil wants all. What cannot be filled fails the test.
func filled(t *testing.T, statements string, wanted []string) *sql.DB {
	t.Helper()
	db, drop, err := scratch(t)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(drop)
	must(t, db, statements)
	list, err := verify.Fill(t.Context(), db, func(_, table string) bool { return wanted == nil || slices.Contains(wanted, table) })
	if err != nil || list != nil {
		t.Fatal(list, err)
	}
	return db
}

func count(t *testing.T, db *sql.DB, from string) (n int) {
	t.Helper()
	if err := db.QueryRow("SELECT count(*) FROM " + from).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
