package migrate_test

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
)

func TestStateIsTheFirstThatHolds(t *testing.T) {
	db, dir := database(t), three(t)
	status := func(dir string) *migrate.Status {
		t.Helper()
		st, err := migrator(t, db, dir).Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	if st := status(dir); st.State != migrate.StatePending || st.Current != "" || len(st.Pending) != 3 || len(st.Applied) != 0 {
		t.Fatalf("empty database: %+v", st)
	}
	if _, err := migrator(t, db, dir).UpTo(t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	if st := status(dir); st.State != migrate.StatePending || st.Current != "2" || len(st.Pending) != 1 || st.HeadsApplied[0] != "2" {
		t.Fatalf("after two: %+v", st)
	}
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := status(dir); st.State != migrate.StateClean || st.Current != "3" {
		t.Fatalf("after all: %+v", st)
	}
	older := directory(t, "1_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY);", "2_posts.up.sql", "SELECT 'edited';")
	if st := status(older); st.State != migrate.StateDiverged || len(st.Diverged) != 2 {
		t.Fatalf("foreign and edited: %+v", st)
	}
	_, err := migrator(t, db, older).Up(t.Context())
	if e, ok := errors.AsType[*migrate.StateError](err); !ok || e.State != migrate.StateDiverged {
		t.Fatalf("got %v, want a StateError", err)
	}
}

func TestFileAddedBelowAnAppliedOneIsRefused(t *testing.T) {
	db := database(t)
	if _, err := migrator(t, db, directory(t, "1_a.up.sql", "", "3_c.up.sql", "")).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := directory(t, "1_a.up.sql", "", "2_late.up.sql", "", "3_c.up.sql", "")
	_, err := migrator(t, db, late).Up(t.Context())
	if e, ok := errors.AsType[*migrate.StateError](err); !ok || e.Versions[0] != "2" || !strings.Contains(err.Error(), "2_late.up.sql") {
		t.Fatalf("got %v", err)
	}
}

func TestSeveralHeadsAreRefusedByName(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "", "2_b.up.sql", "-- plinth:parents 1\n", "3_c.up.sql", "-- plinth:parents 1\n")
	_, err := migrator(t, db, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.HeadsError](err); !ok || strings.Join(e.Heads, " ") != "2 3" {
		t.Fatalf("got %v", err)
	}
	if run, err := migrator(t, db, dir).UpTo(t.Context(), "3"); err != nil || versions(run) != "1 3" {
		t.Fatalf("one branch by name: %v", err)
	}
	merged := directory(t, "1_a.up.sql", "", "2_b.up.sql", "-- plinth:parents 1\n", "3_c.up.sql", "-- plinth:parents 1\n", "4_m.up.sql", "-- plinth:parents 2 3\n")
	if run, err := migrator(t, db, merged).Up(t.Context()); err != nil || versions(run) != "2 4" {
		t.Fatalf("a database with one branch gets the other: %v", err)
	}
}

func TestStampRecordsExactlyTheTargetAndItsAncestors(t *testing.T) {
	db, dir := database(t), three(t)
	stamp := func(target string) {
		t.Helper()
		if _, err := migrator(t, db, dir).Stamp(t.Context(), target); err != nil {
			t.Fatal(err)
		}
	}
	stamp("2")
	if recorded(t, db) != "1 2" || tables(t, db) != "" {
		t.Fatalf("recorded %q, tables %q", recorded(t, db), tables(t, db))
	}
	exec(t, db, "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE posts (id int)")
	if run, err := migrator(t, db, dir).Up(t.Context()); err != nil || versions(run) != "3" {
		t.Fatalf("after a stamp: %v", err)
	}
	stamp("1")
	if recorded(t, db) != "1" || tables(t, db) != "posts tags users" {
		t.Fatalf("recorded %q", recorded(t, db))
	}
	stamp("head")
	if recorded(t, db) != "1 2 3" {
		t.Fatalf("recorded %q", recorded(t, db))
	}
	stamp("base")
	if recorded(t, db) != "" {
		t.Fatalf("recorded %q", recorded(t, db))
	}
	if _, err := migrator(t, db, dir).Stamp(t.Context(), "7"); err == nil {
		t.Fatal("an unknown version was stamped")
	}
}

// TestSkippingABadMigration is the story of a file that must not run here: stamp it, then go on.
func TestSkippingABadMigration(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "2_bad.up.sql", "SELECT 1/0;", "3_c.up.sql", "CREATE TABLE c (id int);")
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil {
		t.Fatal("want an error")
	}
	if _, err := migrator(t, db, dir).Stamp(t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	if run, err := migrator(t, db, dir).Up(t.Context()); err != nil || versions(run) != "3" || tables(t, db) != "a c" {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
}

// TestMigrationThatFailedMidway is the story of a failure, its repair, and the next run.
func TestMigrationThatFailedMidway(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE people (email text); INSERT INTO people VALUES ('a'), ('a')")
	dir := directory(t, "1_unique.up.sql", "ALTER TABLE people ADD COLUMN name text;\nCREATE UNIQUE INDEX people_email ON people (email);")
	_, err := migrator(t, db, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.SQLState != "23505" || e.Line != 2 {
		t.Fatalf("got %v", err)
	}
	if st, err := migrator(t, db, dir).Status(t.Context()); err != nil || st.State != migrate.StatePending {
		t.Fatalf("after the failure: %+v, %v", st, err)
	}
	exec(t, db, "DELETE FROM people WHERE ctid = (SELECT min(ctid) FROM people)")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestRowsOfTheAtlasCommandAreUnderstood(t *testing.T) {
	db := database(t)
	dir := three(t)
	if _, err := migrator(t, db, dir).UpTo(t.Context(), "2"); err != nil {
		t.Fatal(err)
	}
	lines, err := os.ReadFile(dir + "/atlas.sum")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) { // as Atlas stores it: the file's line of atlas.sum
		if file, hash, ok := strings.Cut(strings.TrimSpace(line), " h1:"); ok {
			version, _, _ := strings.Cut(file, "_")
			exec(t, db, "UPDATE atlas_schema_revisions.atlas_schema_revisions SET hash = $1 WHERE version = $2", hash, version)
		}
	}
	exec(t, db, `INSERT INTO atlas_schema_revisions.atlas_schema_revisions (version, description, executed_at, execution_time, hash, operator_version)
VALUES ('.atlas_cloud_identifier', '', now(), 0, '', 'Atlas')`)
	if st, err := migrator(t, db, dir).Status(t.Context()); err != nil || st.State != migrate.StatePending || st.Current != "2" {
		t.Fatalf("%+v, %v", st, err)
	}
}

//go:embed testdata/embedded
var embedded embed.FS

func TestEmbeddedDirectoryHasTheSumsOfTheDisk(t *testing.T) {
	fsys, err := fs.Sub(embedded, "testdata/embedded")
	if err != nil {
		t.Fatal(err)
	}
	d, err := migrate.ReadDir(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil || len(d.Files()) != 1 {
		t.Fatal(err)
	}
}

func TestLogKeepsWhatTheRevisionTableForgets(t *testing.T) {
	db, dir := database(t), three(t)
	m := migrator(t, db, dir)
	if _, err := m.UpTo(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Stamp(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	var log string
	if err := db.QueryRow("SELECT string_agg(action || ' ' || version, ', ' ORDER BY id) FROM atlas_schema_revisions.plinth_log WHERE by_role = session_user").Scan(&log); err != nil {
		t.Fatal(err)
	}
	if log != "up 1, down 1, stamp 1" {
		t.Fatalf("log: %s", log)
	}
}

func TestRevisionSchemaCanBeChosen(t *testing.T) {
	db := database(t)
	if _, err := migrator(t, db, three(t), migrate.WithRevisionSchema(`odd "name"`)).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow(`SELECT count(*) FROM "odd ""name""".atlas_schema_revisions`).Scan(&n); err != nil || n != 3 {
		t.Fatal(n, err)
	}
}

func TestHistoryListsEveryFileWithItsRow(t *testing.T) {
	db, dir := database(t), three(t)
	m := migrator(t, db, dir)
	if _, err := m.UpTo(t.Context(), "1"); err != nil {
		t.Fatal(err)
	}
	history, err := m.History(t.Context())
	if err != nil || len(history) != 3 || history[0].Revision == nil || history[1].Revision != nil || history[2].File.Parents[0] != "2" {
		t.Fatalf("%+v, %v", history, err)
	}
}
