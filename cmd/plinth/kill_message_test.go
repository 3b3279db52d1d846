package main_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
)

// TestConnectionKilledAtEveryMessage, before the server sees it and after it has carried it out; and then plinth up alone.
func TestConnectionKilledAtEveryMessage(t *testing.T) {
	(&killing{dir: everyModeDir(t), command: []string{"up"}}).atEveryMessage(t, 30)
}

// TestConnectionKilledInOneTransaction is the same with --tx-mode all.
func TestConnectionKilledInOneTransaction(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"1_a": fmt.Sprintf(everyMode[0], 0), "2_b": fmt.Sprintf(everyMode[1], 0), "3_c": fmt.Sprintf(everyMode[5], 0), "4_d": fmt.Sprintf(everyMode[7], 0),
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".up.sql"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	(&killing{dir: dir, command: []string{"up", "--tx-mode", "all"}}).atEveryMessage(t, 8)
}

// TestOnlinePlanKilledAtEveryMessage is the same for what plinth diff plans for tables in use: a type, enum values, a required column and
// a unique constraint.
func TestOnlinePlanKilledAtEveryMessage(t *testing.T) {
	(&killing{dir: onlineDir(t), command: []string{"up"}}).atEveryMessage(t, 30)
}

// TestDownOfAnOnlinePlanKilledAtEveryMessage is the same for the way back, and then plinth down alone; no row is lost on it.
func TestDownOfAnOnlinePlanKilledAtEveryMessage(t *testing.T) {
	dir := onlineDir(t)
	k := &killing{dir: dir, command: []string{"down", "1", "--yes", "--allow-irreversible"}, from: freshDatabase(t)}
	finishAlone(t, k.from.URL(), dir)
	if !fullChaos {
		k.most = 24
	}
	clean := databaseFrom(t, k.from)
	before := rowsOf(t, clean.URL())
	finishAlone(t, clean.URL(), dir, k.command...)
	if after := rowsOf(t, clean.URL()); after != before || !strings.HasPrefix(before, "1500 ") {
		t.Fatalf("before the down the tables hold %s, and after it %s", before, after)
	}
	k.atEveryMessage(t, 60)
}

// rowsOf counts the rows of the tables of onlineDir, with sums of what neither way changes.
func rowsOf(t *testing.T, url string) (counts string) {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), `SELECT concat_ws(' ', (SELECT concat_ws(' ', count(*), sum(id), sum(v::bigint)) FROM type_indexeds),
  (SELECT concat_ws(' ', count(*), sum(id)) FROM enum_remove_mappeds), (SELECT concat_ws(' ', count(*), sum(id), sum(age)) FROM column_required_defaults),
  (SELECT concat_ws(' ', count(*), sum(place)) FROM unique_deferrables))`).Scan(&counts); err != nil {
		t.Fatal(err)
	}
	return counts
}

// onlineDir is a directory of plans that package diff keeps for its tests, on tables of more rows than are filled at once.
func onlineDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	ups := []string{`CREATE TABLE type_indexeds (id bigint PRIMARY KEY, v bigint NOT NULL CONSTRAINT positive CHECK (v > 0));
CREATE INDEX typeindexed_v ON type_indexeds (v) WHERE v > 3;
INSERT INTO type_indexeds SELECT i, i FROM generate_series(1, 1500) i;
CREATE TYPE enum_remove_mappeds_mood AS ENUM ('sad', 'glad', 'calm', 'odd');
CREATE TABLE enum_remove_mappeds (id bigint PRIMARY KEY, mood enum_remove_mappeds_mood NOT NULL DEFAULT 'calm');
INSERT INTO enum_remove_mappeds SELECT i, ('{sad,glad,calm,odd}'::enum_remove_mappeds_mood[])[1 + i % 4] FROM generate_series(1, 1500) i;
CREATE TABLE column_required_defaults (id bigint PRIMARY KEY, age bigint);
INSERT INTO column_required_defaults SELECT i, CASE WHEN i % 2 = 0 THEN i END FROM generate_series(1, 1500) i;
CREATE TABLE unique_deferrables (id bigint PRIMARY KEY, place bigint NOT NULL);
CREATE UNIQUE INDEX unique_deferrables_place_key ON unique_deferrables (place);
INSERT INTO unique_deferrables SELECT i, i FROM generate_series(1, 1500) i;`}
	downs := []string{"DROP TABLE type_indexeds, enum_remove_mappeds, column_required_defaults, unique_deferrables; DROP TYPE enum_remove_mappeds_mood;"}
	for _, name := range []string{"type_indexed", "enum_remove_mapped", "column_required_default", "unique_deferrable"} {
		ups, downs = append(ups, plannedFiles(t, name+".up.sql")...), append(downs, plannedFiles(t, name+".down.sql")...)
	}
	if len(ups) != 20 || len(downs) != len(ups) {
		t.Fatalf("%d files up and %d down", len(ups), len(downs))
	}
	for i := range ups {
		for name, text := range map[string]string{"up": ups[i], "down": downs[i]} {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d_f.%s.sql", i+1, name)), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := migrate.Hash(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// plannedFiles are the files of a plan that package diff keeps.
func plannedFiles(t *testing.T, name string) []string {
	t.Helper()
	plan, err := os.ReadFile(filepath.Join("../../migrate/diff/testdata/cases/online", name))
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^-- file \d+: .*\n`).Split(string(plan), -1)[1:]
}

// killing is a command of plinth that is killed.
type killing struct {
	dir     string
	command []string           // with its flags
	from    *pgserver.Database // of which the command gets a copy; nil for an empty one
	most    int                // at so many messages, evenly spread; 0 for all
}

// atEveryMessage kills before and after each message of the command, of which there must be at least so many, and finishes it alone.
func (k *killing) atEveryMessage(t *testing.T, atLeast int) {
	t.Helper()
	clean := databaseFrom(t, k.from)
	proxy, via, err := chaos.Through(clean.URL(), chaos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cmd, out := runPlinth(t.Context(), via, k.dir, k.command...)
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := holds(t, clean.URL())
	messages := 0
	for kind, n := range proxy.Kinds() {
		if kind.From == chaos.Client {
			messages += n
		}
	}
	if err := proxy.Close(); err != nil || messages < atLeast {
		t.Fatalf("%d messages, %v", messages, err)
	}
	t.Logf("%d messages", messages)
	step := 1
	if k.most > 0 {
		step = max(1, messages/k.most)
	}
	points := make(chan chaos.Fault)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for fault := range points {
				k.at(t, fault, want)
			}
		})
	}
	for n := step; n <= messages && !t.Failed(); n += step {
		for _, when := range []chaos.When{chaos.Before, chaos.After} {
			harm := chaos.FIN
			if n/step%2 == 0 {
				harm = chaos.RST
			}
			points <- chaos.Fault{At: chaos.Kind{From: chaos.Client}, Nth: n, When: when, Harm: harm}
		}
	}
	close(points)
	all.Wait()
}

func (k *killing) at(t *testing.T, fault chaos.Fault, want string) {
	t.Helper()
	database := databaseFrom(t, k.from)
	proxy, via, err := chaos.Through(database.URL(), chaos.Options{})
	if err != nil {
		t.Error(err)
		return
	}
	defer proxy.Close()
	proxy.Arm(fault)
	cmd, out := runPlinth(t.Context(), via, k.dir, k.command...)
	failed := cmd.Run()
	if proxy.Counts().Struck == 0 && failed != nil {
		t.Errorf("%v never struck, and plinth %s failed: %v\n%s", fault, k.command[0], failed, out)
	}
	if failed == nil { // it was settled, or the fault came after the end
		sameAs(t, holds(t, database.URL()), want, fault.String()+", which ended in success,")
	}
	sameAs(t, finishAlone(t, database.URL(), k.dir, k.command...), want, fault.String())
}
