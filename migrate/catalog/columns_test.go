package catalog_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// catalogColumn is a line of testdata/columns.txt.
type catalogColumn struct {
	catalog, name string // name is "" for a catalog that is left out as a whole
	since, until  int    // major versions; until 0 is open
	mutation      string // SET and WHERE of an UPDATE; "" when reason is given
	reason        string
}

func (c catalogColumn) on(major int) bool {
	return c.since <= major && (c.until == 0 || major <= c.until)
}

var (
	columnLine  = regexp.MustCompile(`^  (\w+)(?: \[(\d*)-(\d*)\])? (=|-) (.+)$`)
	catalogLine = regexp.MustCompile(`^(pg_\w+)(?: (WHERE .+)| - (.+))?$`)
)

func readColumns(tb testing.TB) []catalogColumn {
	tb.Helper()
	var columns []catalogColumn
	var name, where string
	for line := range strings.Lines(readFile(tb, "testdata/columns.txt")) {
		line = strings.TrimRight(line, "\n")
		switch m := catalogLine.FindStringSubmatch(line); {
		case line == "" || strings.HasPrefix(line, "#"):
		case m != nil && m[3] != "":
			columns = append(columns, catalogColumn{catalog: m[1], reason: m[3]})
		case m != nil:
			name, where = m[1], m[2]
		default:
			columns = append(columns, parseColumn(tb, name, where, line))
		}
	}
	return columns
}

func parseColumn(tb testing.TB, catalog, where, line string) catalogColumn {
	tb.Helper()
	m := columnLine.FindStringSubmatch(line)
	if m == nil {
		tb.Fatalf("testdata/columns.txt: cannot read %q", line)
	}
	c := catalogColumn{catalog: catalog, name: m[1]}
	c.since, _ = strconv.Atoi(m[2]) // no digits: 0
	c.until, _ = strconv.Atoi(m[3])
	if m[4] == "-" {
		c.reason = m[5]
		return c
	}
	c.mutation = m[1] + " = " + m[5]
	if !regexp.MustCompile(`(?i) WHERE [^)]*$`).MatchString(m[5]) {
		c.mutation += " " + where
	}
	return c
}

// The newest major version that the files in testdata know.
const newest = 18

func TestEveryCatalogColumnIsKnown(t *testing.T) {
	db := emptyDB(t)
	major := read(t, db).ServerVersion / 10000
	if major > newest {
		t.Errorf("PostgreSQL %d is newer than testdata/columns.txt: add its columns, then raise newest", major)
	}
	there := columnsThere(t, db)
	for _, c := range readColumns(t) {
		if !c.on(major) {
			continue
		}
		known := 0
		for column := range there {
			if column == c.catalog+"."+c.name || c.name == "" && strings.HasPrefix(column, c.catalog+".") {
				delete(there, column)
				known++
			}
		}
		if known == 0 {
			t.Errorf("testdata/columns.txt: PostgreSQL %d has no %s.%s", major, c.catalog, c.name)
		}
	}
	for column := range there {
		t.Errorf("testdata/columns.txt: %s of PostgreSQL %d is missing: read it, or say why not", column, major)
	}
}

func columnsThere(t *testing.T, db *sql.DB) map[string]bool {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	there := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		there[name] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return there
}

// A column counts as compared when a change of it alone, by UPDATE, is found. Owners and extension versions are read for this.
func TestChangeOfACatalogColumnIsFound(t *testing.T) {
	t.Parallel()
	tx := begin(t, fixtureDB(t))
	options := []catalog.Option{catalog.WithOwners(), catalog.WithExtensionVersions()}
	before := read(t, tx, options...)
	for _, c := range readColumns(t) {
		if c.mutation == "" || !c.on(before.ServerVersion/10000) {
			continue
		}
		t.Run(c.catalog+"."+c.name, func(t *testing.T) {
			try(t, tx, func() {
				updateOne(t, tx, fmt.Sprintf("UPDATE pg_catalog.%s SET %s", c.catalog, c.mutation))
				if changes := catalog.Compare(before, read(t, tx, options...)); len(changes) == 0 {
					t.Errorf("nothing found after %s", c.mutation)
				}
			})
		})
	}
}

func updateOne(t *testing.T, tx *sql.Tx, update string) {
	t.Helper()
	result, err := tx.ExecContext(t.Context(), update)
	if err != nil {
		t.Fatalf("%v\n%s", err, update)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		t.Fatalf("%d rows instead of one, %v\n%s", n, err, update)
	}
}
