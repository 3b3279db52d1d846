package trace_test

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/migrate/lint/trace"
)

// The role of the server's sessions is not changed for the trace itself; everything else is measured.
func TestChangesOfTheOwnRoleArePassedOver(t *testing.T) {
	for _, change := range []string{
		"ALTER ROLE current_user NOSUPERUSER NOCREATEDB NOLOGIN",
		"ALTER USER CURRENT_USER SET statement_timeout = 1",
		"-- atlas:txmode none\nALTER ROLE session_user PASSWORD 'x'",
		"ALTER ROLE all SET default_transaction_read_only = on",
		"ALTER ROLE /* of the server */ postgres VALID UNTIL '2000-01-01'",
		`ALTER ROLE "postgres" CONNECTION LIMIT 0`,
	} {
		t.Run(change, func(t *testing.T) {
			files := traced(t, trace.Options{Versions: []string{"2", "3"}},
				"CREATE TABLE t (a int)", change+";\nALTER TABLE t ADD b int;", "-- atlas:txmode none\nCREATE INDEX CONCURRENTLY ON t (a)")
			alone := ""
			if strings.Contains(change, "txmode none") {
				alone = "autocommit; "
			}
			expect(t, files, "2:\n  not run\n  "+alone+"locks t=AccessExclusive\n3:\n  autocommit; locks t=ShareUpdateExclusive; scans t\n")
			if n := files[0].Notes; len(n) != 1 || !strings.HasPrefix(n[0], "2_m.up.sql:") || !strings.Contains(n[0], " is not run, as it would change postgres, the role") {
				t.Errorf("got %q", n)
			}
		})
	}
}

func TestChangesOfTheOwnRoleBeforeTheMeasuredFilesAreNoted(t *testing.T) {
	files := traced(t, trace.Options{}, "CREATE TABLE t (a int)", "ALTER ROLE current_user NOSUPERUSER;", "ALTER TABLE t ADD b int")
	if n := files[0].Notes; len(n) != 1 || !strings.HasPrefix(n[0], "2_m.up.sql:1:1: ALTER ROLE current_user is not run") {
		t.Errorf("got %q", n)
	}
}

func TestAHiddenChangeOfTheOwnRoleIsAFailure(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}}, "CREATE TABLE t (a int)",
		"ALTER TABLE t ADD b int;\nDO $$BEGIN EXECUTE format('ALTER ROLE %I SET search_path = nowhere', current_user); END$$;", "ALTER TABLE t ADD c int")
	fault, at := files[0].Failed()
	if fault == nil || at != 1 || fault.Line != 2 || !strings.Contains(fault.Message, "it changes postgres, the role") || files[1].Untraced != "2" {
		t.Errorf("got %+v\n%s", fault, story(files))
	}
}

// A role that the files make is theirs to change, and what SET ROLE sets ends with its file.
func TestOtherRolesAreChanged(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}}, "CREATE TABLE t (a int)",
		"CREATE ROLE trace_other;\nALTER ROLE trace_other SET search_path = x;\nSET ROLE trace_other;\nALTER ROLE current_user RESET ALL;\nALTER TABLE t ADD b int;",
		"RESET ROLE;\nDROP ROLE trace_other;")
	if fault, at := files[0].Failed(); fault == nil || at != 4 || fault.SQLState != "42501" {
		t.Errorf("got %+v\n%s", fault, story(files))
	}
	if slices.ContainsFunc(files[0].Notes, func(n string) bool { return strings.Contains(n, "is not run") }) {
		t.Errorf("got %q", files[0].Notes)
	}
}

// A file that fails after one that made a role is told with its own failure, and not with that of the role's second birth.
func TestAFailureBehindARoleIsTold(t *testing.T) {
	var once sync.Once // the role outlives the databases, and an earlier run
	fresh := scratch(t, func(ctx context.Context, db *sql.DB) (err error) {
		once.Do(func() { _, err = db.ExecContext(ctx, "DROP ROLE IF EXISTS trace_twice") })
		return err
	})
	dir := directory(t, "CREATE TABLE t (a int)", "CREATE ROLE trace_twice;", "ALTER TABLE t ADD b int NOT NULL;")
	files, err := trace.Run(t.Context(), fresh, dir, trace.Options{Versions: []string{"3"}})
	if err != nil {
		t.Fatal(err)
	}
	if fault, _ := files[0].Failed(); fault == nil || fault.SQLState != "23502" {
		t.Errorf("got %+v\n%s", fault, story(files))
	}
	if n := files[0].Notes; len(n) != 1 || !strings.Contains(n[0], "2_m.up.sql cannot run twice on one server") {
		t.Errorf("got %q", n)
	}
}
