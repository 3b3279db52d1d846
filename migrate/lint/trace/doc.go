// Package trace runs migrations on a scratch database whose tables hold rows, and measures what each statement does to what existed before
// it: the locks it takes (pg_locks), the tables it rewrites (pg_class.relfilenode), reads in full and writes to (the pg_stat_xact counters), and
// the objects that are gone afterwards (the catalogs).
//
// A statement that can be in a transaction is measured in it, before and after, so that what is reported is exact. One that cannot, such
// as CREATE INDEX CONCURRENTLY, has freed its locks when it ends. Other sessions therefore hold weak locks on all tables and let go,
// weakest last, whenever the statement is seen to wait: at those moments its locks are looked at. A statement that never waits was
// only looked at every millisecond, and says so.
//
// # What is not as in production
//
// The tables hold a few rows, so that durations mean little and the planner would prefer to read a table in full where it would never
// do so in production. Statements that are not DDL are therefore run with sequential scans discouraged: what is still read in full
// has no index that would serve.
//
// The time zone is not UTC, since timestamp to timestamptz rewrites a table unless it is, and nobody knows the zone of the sessions
// that will run the migration. Builds of indexes and queries have no parallel workers, whose locks and counters would be their own.
//
// A change of the role that everything here runs as, by ALTER ROLE, is not run but noted: it would hold for the trace itself.
//
// Nothing is recorded in the revision table: a scratch database has no future.
package trace
