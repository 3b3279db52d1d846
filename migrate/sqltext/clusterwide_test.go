package sqltext_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestClusterWideStatementsAreKnown(t *testing.T) {
	for sql, want := range map[string]string{
		"CREATE ROLE app":                      "CREATE ROLE",
		"alter user app PASSWORD 'x'":          "ALTER USER",
		"DROP DATABASE IF EXISTS d":            "DROP DATABASE",
		"/* c */ ALTER SYSTEM SET x = 1":       "ALTER SYSTEM",
		"CREATE TABLESPACE t LOCATION '/x'":    "CREATE TABLESPACE",
		"COPY t FROM PROGRAM 'rm -rf /'":       "COPY ... PROGRAM",
		"REASSIGN OWNED BY a TO b":             "REASSIGN OWNED",
		"DROP OWNED BY a":                      "DROP OWNED",
		"CREATE USER MAPPING FOR u SERVER s":   "",
		"CREATE TABLE role (id int)":           "",
		"COPY t FROM '/file'":                  "",
		`CREATE "role" x`:                      "",
		"GRANT SELECT ON t TO app":             "",
		"CREATE TABLE t (program text)":        "",
		"COMMENT ON COLUMN t.c IS 'DROP ROLE'": "",
	} {
		stmts, err := sqltext.Split(sql)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := stmts[0].ClusterWide(); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", sql, got, ok, want)
		}
	}
}
