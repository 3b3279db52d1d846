package trace

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// reading is what the counters of the transaction, or of the server, and the session's locks say at a moment.
type reading struct {
	locks  map[int64]int // by relation, the strongest as an index of strengths, plus one
	counts map[int64]counts
	// Rows of the system catalogs: of pg_class that were written, and of all that were deleted, or updated but in pg_class.
	classes, objects int64
}

type counts struct{ scans, scanned, inserted, updated, deleted int64 }

const listLocks = `SELECT relation::bigint, mode FROM pg_catalog.pg_locks
WHERE pid = %d AND locktype = 'relation' AND mode <> 'SIReadLock' AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`

// listCounts are of the tables' own, with oid -1 of pg_class, and in one row with oid 0 of the other system catalogs. The verb is "xact_" or "": of this transaction, or of all
// that have ended.
const listCounts = `SELECT c.oid::bigint, x.* FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, LATERAL (
  SELECT pg_stat_get_%[1]snumscans(c.oid) AS scans, pg_stat_get_%[1]stuples_returned(c.oid) AS scanned, pg_stat_get_%[1]stuples_inserted(c.oid) AS inserted,
    pg_stat_get_%[1]stuples_updated(c.oid) AS updated, pg_stat_get_%[1]stuples_deleted(c.oid) AS deleted OFFSET 0) x
WHERE c.relkind IN ('r', 'm') AND n.nspname NOT LIKE 'pg\_%%' AND n.nspname <> 'information_schema' AND x.scans + x.inserted + x.updated + x.deleted > 0
UNION ALL
SELECT CASE relname WHEN 'pg_class' THEN -1 ELSE 0 END, 0, 0, sum(pg_stat_get_%[1]stuples_inserted(oid)), sum(pg_stat_get_%[1]stuples_updated(oid)),
  sum(pg_stat_get_%[1]stuples_deleted(oid))
FROM pg_catalog.pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' GROUP BY 1`

var (
	inTransaction = fmt.Sprintf(listCounts, "xact_")
	overall       = fmt.Sprintf(listCounts, "")
)

// read looks at the session's own transaction, or, with overall, at what it has done so far.
func (s *session) read(ctx context.Context, list string) (*reading, error) {
	r := &reading{locks: map[int64]int{}, counts: map[int64]counts{}}
	return r, s.query(ctx, fmt.Sprintf(listLocks, s.pid)+";"+list, r.addLock, func(rows *sql.Rows) error {
		var oid int64
		var c counts
		if err := rows.Scan(&oid, &c.scans, &c.scanned, &c.inserted, &c.updated, &c.deleted); err != nil {
			return err
		}
		switch oid {
		case -1:
			r.classes = c.inserted + c.updated + c.deleted
			r.objects += c.deleted
		case 0:
			r.objects += c.updated + c.deleted
		default:
			r.counts[oid] = c
		}
		return nil
	})
}

func (r *reading) addLock(rows *sql.Rows) error {
	var oid int64
	var mode string
	err := rows.Scan(&oid, &mode)
	r.locks[oid] = max(r.locks[oid], slices.Index(strengths, mode)+1)
	return err
}

// on returns the locks on relations of c that are stronger than those of before, which may be nil.
func (r *reading) on(c *catalog, before *reading) (list []Lock) {
	for oid, mode := range r.locks {
		at, exists := c.relations[oid]
		if exists && (before == nil || mode > before.locks[oid]) {
			list = append(list, Lock{Relation: at.Relation, Mode: strengths[mode-1]})
		}
	}
	slices.SortFunc(list, func(a, b Lock) int { return byName(a.Relation, b.Relation) })
	return list
}

func byName(a, b Relation) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
}

// used tells which tables were read in full and written to between two readings.
func (t *tracer) used(st *Statement, before, after *reading) {
	for oid, a := range after.counts {
		r, exists := t.base.relations[oid]
		if !exists {
			continue
		}
		b, had := before.counts[oid], t.rows[oid]
		if a.scans > b.scans && a.scanned-b.scanned >= had {
			st.Scans = append(st.Scans, r.Relation)
		}
		// TRUNCATE sets the transaction's counts back.
		w := Write{Relation: r.Relation, Inserted: max(a.inserted-b.inserted, 0), Updated: max(a.updated-b.updated, 0), Deleted: max(a.deleted-b.deleted, 0), Had: had}
		if r.Kind == kindTable && w.Inserted+w.Updated+w.Deleted > 0 {
			st.Writes = append(st.Writes, w)
		}
		t.rows[oid] = max(had+w.Inserted-w.Deleted, 0)
	}
	slices.SortFunc(st.Scans, byName)
	slices.SortFunc(st.Writes, func(a, b Write) int { return byName(a.Relation, b.Relation) })
}

// changed tells what the catalog says that the statement did, and makes t.base what is left of it.
// objects is false if nothing can have been dropped.
func (t *tracer) changed(ctx context.Context, st *Statement, objects, truncates bool) error {
	now, err := t.relations(ctx)
	if err != nil {
		return err
	}
	renamed, anew := t.base.followRelations(now)
	if objects || renamed {
		there, err := t.objects(ctx)
		if err != nil {
			return err
		}
		st.Lost = t.base.followObjects(there)
	}
	if len(anew) == 0 {
		return nil
	}
	empty, err := t.emptied(ctx, anew, truncates)
	if err != nil {
		return err
	}
	for oid, r := range anew {
		switch {
		case empty[oid]:
			st.Truncated = append(st.Truncated, r.Relation)
			t.rows[oid] = 0
		case r.Kind == kindIndex && empty[r.table]:
		case r.Kind == kindTable || r.Kind == kindMatview || r.Kind == kindIndex: // ALTER SEQUENCE makes a file too
			st.Rewrites = append(st.Rewrites, r.Relation)
		}
	}
	slices.SortFunc(st.Rewrites, byName)
	slices.SortFunc(st.Truncated, byName)
	return nil
}

// emptied tells which tables had rows, or were to be truncated, and store nothing now.
func (t *tracer) emptied(ctx context.Context, anew map[int64]relation, truncates bool) (map[int64]bool, error) {
	empty := map[int64]bool{}
	var oids []string
	for oid, r := range anew {
		if r.Kind == kindTable && (truncates || t.rows[oid] > 0) {
			oids = append(oids, fmt.Sprint(oid))
		}
	}
	if len(oids) == 0 {
		return empty, nil
	}
	return empty, t.query(ctx, "SELECT oid::bigint FROM pg_catalog.pg_class WHERE oid IN ("+strings.Join(oids, ", ")+") AND pg_relation_size(oid) = 0",
		func(rows *sql.Rows) error {
			var oid int64
			err := rows.Scan(&oid)
			empty[oid] = true
			return err
		})
}

// countedAtOnce bounds the planner's time, which grows faster than the number.
const countedAtOnce = 50

// count returns how many rows each table of c stores itself.
func (s *session) count(ctx context.Context, c *catalog) (map[int64]int64, error) {
	counts := map[int64]int64{}
	var parts []string
	for oid, r := range c.relations {
		if r.Kind == kindTable && r.filenode != 0 {
			parts = append(parts, fmt.Sprintf("SELECT %d::bigint, count(*) FROM ONLY %s", oid, r.quoted()))
		}
	}
	for chunk := range slices.Chunk(parts, countedAtOnce) {
		err := s.query(ctx, strings.Join(chunk, " UNION ALL "), func(rows *sql.Rows) error {
			var oid, n int64
			err := rows.Scan(&oid, &n)
			counts[oid] = n
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}
