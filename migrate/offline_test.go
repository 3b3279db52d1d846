package migrate_test

import (
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// pipe runs a script a statement at a time in one session, as psql does.
func pipe(t *testing.T, db *sql.DB, script string) error {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	statements, err := sqltext.Split(strings.Replace(script, "\\set ON_ERROR_STOP on\n", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(t.Context(), s.Text); err != nil {
			_, rollback := conn.ExecContext(t.Context(), "ROLLBACK; SELECT pg_advisory_unlock_all()")
			return errors.Join(err, rollback)
		}
	}
	return nil
}

func TestScriptGivesTheDatabaseOfARun(t *testing.T) {
	dir := directory(t,
		"1_a.up.sql", "CREATE TABLE a (id int); SET ROLE pg_monitor;", "1_a.down.sql", "DROP TABLE a;",
		"2_b.up.sql", loose+"CREATE INDEX CONCURRENTLY i ON a (id);\nDO $$ BEGIN INSERT INTO a VALUES (1); COMMIT; END $$;\nCREATE TABLE b ();",
		"2_b.down.sql", loose+"DROP INDEX CONCURRENTLY i;\nDROP TABLE b;",
		"3_c.up.sql", "-- nothing", "3_c.down.sql", "")
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	offline := migrate.Offline{Dir: d}
	ran, piped := database(t), database(t)
	m := migrator(t, ran, dir)
	for _, leg := range []struct{ direction, from, to, target string }{
		{"up", "", "2", "2"}, {"up", "2", "", "head"}, {"down", "", "", "-1"}, {"down", "2", "base", "base"}, {"up", "base", "head", "head"},
	} {
		script, run := offline.Up, m.UpTo
		if leg.direction == "down" {
			script, run = offline.Down, m.DownTo
		}
		text, err := script(leg.from, leg.to)
		if err != nil {
			t.Fatal(err)
		}
		if err := pipe(t, piped, text); err != nil {
			t.Fatalf("%+v: %v\n%s", leg, err, text)
		}
		if _, err := run(t.Context(), leg.target); err != nil {
			t.Fatal(err)
		}
		want, err := catalog.Read(t.Context(), ran)
		if err != nil {
			t.Fatal(err)
		}
		got, err := catalog.Read(t.Context(), piped)
		if err != nil {
			t.Fatal(err)
		}
		if changes := catalog.Compare(want, got); len(changes) > 0 || recorded(t, ran) != recorded(t, piped) {
			t.Fatalf("%+v: %v; recorded %q and %q", leg, changes, recorded(t, ran), recorded(t, piped))
		}
	}
	if st, err := migrator(t, piped, dir).Status(t.Context()); err != nil || st.State != migrate.StateClean {
		t.Fatalf("%+v, %v", st, err)
	}
}

func TestScriptStopsOnADatabaseThatIsElsewhere(t *testing.T) {
	db, dir := database(t), three(t)
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).UpTo(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	up, err := migrate.Offline{Dir: d}.Up("base", "")
	if err != nil {
		t.Fatal(err)
	}
	down, err := migrate.Offline{Dir: d}.Down("", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, script := range map[string]string{"up": up, "down": down} {
		if err := pipe(t, db, script); err == nil || tables(t, db) != "users" || recorded(t, db) != "1" {
			t.Errorf("%s: %v, tables %q, recorded %q", name, err, tables(t, db), recorded(t, db))
		}
	}
}

func TestScriptRefusesRangesThatAreNone(t *testing.T) {
	d, err := migrate.ReadDir(os.DirFS(three(t)))
	if err != nil {
		t.Fatal(err)
	}
	o := migrate.Offline{Dir: d}
	for name, script := range map[string]func() (string, error){
		"up backwards":  func() (string, error) { return o.Up("3", "1") },
		"down forwards": func() (string, error) { return o.Down("1", "3") },
		"unknown":       func() (string, error) { return o.Up("base", "9") },
	} {
		if _, err := script(); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}
