package catalog_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// A view is dropped after Read's snapshot was taken and before the view is printed: the snapshot still has it, but the server prints
// nothing for it. A lock on a catalog that the drop does not need holds Read in between.
func TestReadOvertakenByADropStartsAgain(t *testing.T) {
	db := emptyDB(t)
	execute(t, db, "CREATE VIEW doomed AS SELECT 1 AS a; CREATE VIEW kept AS SELECT 2 AS a")
	gate := begin(t, db)
	execute(t, gate, "LOCK TABLE pg_catalog.pg_publication_namespace IN ACCESS EXCLUSIVE MODE")
	type outcome struct {
		snap *catalog.Snapshot
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		snap, err := catalog.Read(t.Context(), db)
		done <- outcome{snap, err}
	}()
	waitForWaiter(t, db)
	execute(t, db, "DROP VIEW doomed")
	if err := gate.Rollback(); err != nil {
		t.Fatal(err)
	}
	got := <-done
	if got.err != nil {
		t.Fatal(got.err)
	}
	if _, ok := got.snap.Find(catalog.KindView, "public", "doomed"); ok {
		t.Error("the dropped view is in the snapshot")
	}
	if _, ok := got.snap.Find(catalog.KindView, "public", "kept"); !ok {
		t.Error("the other view is missing")
	}
}

// waitForWaiter returns when a session of this database waits for a lock.
func waitForWaiter(t *testing.T, db *sql.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for waiting := false; !waiting; {
		err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_locks
			WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&waiting)
		if err != nil {
			t.Fatal(err)
		}
	}
}
