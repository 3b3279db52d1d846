package sqltext_test

import (
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

func one(t *testing.T, src string) sqltext.Stmt {
	t.Helper()
	stmts, err := sqltext.Split(src)
	if err != nil || len(stmts) != 1 {
		t.Fatalf("%s: got %q, %v; want one statement", src, texts(stmts), err)
	}
	return stmts[0]
}

func TestControlKnowsEverySpelling(t *testing.T) {
	for src, want := range map[string]sqltext.Control{
		"BEGIN":                              sqltext.Begin,
		"begin work":                         sqltext.Begin,
		"/* x */ Begin -- y\n;":              sqltext.Begin,
		"BEGIN ISOLATION LEVEL SERIALIZABLE": sqltext.Begin,
		"START TRANSACTION READ ONLY":        sqltext.Begin,
		"COMMIT":                             sqltext.Commit,
		"COMMIT WORK":                        sqltext.Commit,
		"COMMIT AND CHAIN":                   sqltext.Commit,
		"END":                                sqltext.Commit,
		"END TRANSACTION":                    sqltext.Commit,
		"ROLLBACK":                           sqltext.Rollback,
		"ROLLBACK WORK":                      sqltext.Rollback,
		"ROLLBACK TRANSACTION AND NO CHAIN":  sqltext.Rollback,
		"ABORT":                              sqltext.Rollback,
		"SAVEPOINT a":                        sqltext.Savepoint,
		"RELEASE a":                          sqltext.Savepoint,
		"RELEASE SAVEPOINT a":                sqltext.Savepoint,
		"ROLLBACK TO a":                      sqltext.Savepoint,
		"ROLLBACK WORK TO SAVEPOINT a":       sqltext.Savepoint,
		"ROLLBACK TRANSACTION TO a":          sqltext.Savepoint,
		"PREPARE TRANSACTION 'x'":            sqltext.Prepare,
		"PREPARE TRANSACTION E'x'":           sqltext.Prepare,
		"COMMIT PREPARED 'x'":                sqltext.Prepare,
		"ROLLBACK PREPARED 'x'":              sqltext.Prepare,
		"SET TRANSACTION READ ONLY":          sqltext.SetTransaction,
		"SET LOCAL TRANSACTION READ ONLY":    sqltext.SetTransaction,
		"SET SESSION TRANSACTION READ ONLY":  sqltext.SetTransaction,
		"SET TRANSACTION SNAPSHOT 'x'":       sqltext.SetTransaction,
		"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY": sqltext.None,
		"SET transaction TO 1":                                 sqltext.None,
		"SET LOCAL transaction = 1":                            sqltext.None,
		"SET lock_timeout = 0":                                 sqltext.None,
		"PREPARE transaction AS SELECT 1":                      sqltext.None,
		"PREPARE transaction (int) AS SELECT $1":               sqltext.None,
		"PREPARE a AS SELECT 1":                                sqltext.None,
		`"begin"`:                                              sqltext.None,
		"SELECT begin":                                         sqltext.None,
		"DO $$ BEGIN COMMIT; END $$":                           sqltext.None,
		"beginning":                                            sqltext.None,
		"START":                                                sqltext.None,
	} {
		if got := one(t, src).Control(); got != want {
			t.Errorf("%s: got %d, want %d", src, got, want)
		}
	}
	if got := (sqltext.Stmt{}).Control(); got != sqltext.None {
		t.Errorf("a statement without text: got %d", got)
	}
}
