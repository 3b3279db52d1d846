package catalog

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

// Querier is what Read needs: *sql.DB, *sql.Conn and *sql.Tx have it.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

// tries bounds how often Read starts again when DDL of another session overtakes it. The server's pg_get_*def functions look at the
// newest catalogs whatever the transaction's snapshot is, so REPEATABLE READ alone does not keep an object printable.
const tries = 3

// cleanupTimeout bounds the return to the savepoint, which outlives the caller's context.
const cleanupTimeout = 5 * time.Second

// Read takes a snapshot of the database that q is connected to.
//
// On a *sql.DB or an idle *sql.Conn it reads one consistent state, in a REPEATABLE READ, READ ONLY transaction of its own, and
// starts again, at most twice, when another session's DDL overtakes it.
//
// On a *sql.Tx it reads what that transaction sees, its uncommitted changes included: for one state across all queries it must be
// REPEATABLE READ or SERIALIZABLE, or nobody else may change the schema. Read works inside a savepoint that it rolls back, so
// settings, locks and the transaction itself are left as they were, also after an error. The same goes for any other Querier that
// has no BeginTx. (Wrap a *sql.Conn on which BEGIN was executed so that only QueryContext is left: lib/pq drops a connection that
// is asked to begin twice.) Read takes ACCESS SHARE locks, on the catalogs and on the relations whose definitions it prints, so it
// waits for whoever holds ACCESS EXCLUSIVE there; lock_timeout and ctx bound that.
//
// Any role can read; connection strings of subscriptions and options of user mappings are seen by those only who may see them.
// Errors: *VersionError for a server before 15; *ReadError for everything else. Safe for concurrent use as far as q is.
func Read(ctx context.Context, q Querier, opts ...Option) (*Snapshot, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	b, ok := q.(beginner)
	if !ok {
		return readInside(ctx, q, &o)
	}
	for try := 1; ; try++ {
		snap, err := readAlone(ctx, b, &o)
		if err == nil || try == tries || ctx.Err() != nil || !overtaken(err) {
			return snap, err
		}
	}
}

// readAlone reads in a transaction of its own.
func readAlone(ctx context.Context, b beginner, o *options) (*Snapshot, error) {
	tx, err := b.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, &ReadError{Reading: "transaction", Err: err}
	}
	defer func() { _ = tx.Rollback() }() // nothing was written; a broken connection is not put back by database/sql
	return readPinned(ctx, tx, o)
}

// readInside reads in the caller's transaction. Rolling back to the savepoint also undoes the SET LOCALs.
func readInside(ctx context.Context, q Querier, o *options) (snap *Snapshot, err error) {
	if err := run(ctx, q, "SAVEPOINT plinth_catalog"); err != nil {
		return nil, &ReadError{Reading: "transaction", Err: err}
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
		defer cancel()
		back := run(ctx, q, "ROLLBACK TO SAVEPOINT plinth_catalog")
		if back == nil {
			back = run(ctx, q, "RELEASE SAVEPOINT plinth_catalog")
		}
		if back != nil && err == nil {
			snap, err = nil, &ReadError{Reading: "transaction", Err: back}
		}
	}()
	return readPinned(ctx, q, o)
}

// pinSettings fixes everything that the server's printing functions and casts depend on. pg_temp last keeps a temporary table from
// hiding a catalog; JIT and parallel workers cost more than these queries take.
const pinSettings = `SELECT
	set_config('search_path', 'pg_catalog, pg_temp', true),
	set_config('quote_all_identifiers', 'off', true),
	set_config('standard_conforming_strings', 'on', true),
	set_config('DateStyle', 'ISO, YMD', true),
	set_config('IntervalStyle', 'postgres', true),
	set_config('TimeZone', 'UTC', true),
	set_config('extra_float_digits', '1', true),
	set_config('bytea_output', 'hex', true),
	set_config('lc_monetary', 'C', true),
	set_config('jit', 'off', true),
	set_config('max_parallel_workers_per_gather', '0', true)`

func readPinned(ctx context.Context, q Querier, o *options) (*Snapshot, error) {
	if err := run(ctx, q, pinSettings); err != nil {
		return nil, &ReadError{Reading: "settings", Err: err}
	}
	srv, err := readServer(ctx, q)
	if err != nil {
		return nil, &ReadError{Reading: "server", Err: err}
	}
	if srv.Version < 150000 {
		return nil, &VersionError{ServerVersion: srv.Version}
	}
	srv.Owners, srv.ExtensionVersions = o.owners, o.extensionVersions
	objects, err := readObjects(ctx, q, srv, o)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(objects, compareIdentity)
	return &Snapshot{Objects: objects, ServerVersion: srv.Version}, nil
}

func readServer(ctx context.Context, q Querier) (srv server, err error) {
	rows, err := q.QueryContext(ctx, `SELECT current_setting('server_version_num')::int,
		has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')`)
	if err != nil {
		return server{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(&srv.Version, &srv.SeesConninfo); err != nil {
			return server{}, err
		}
	}
	return srv, rows.Err()
}

// run executes a statement whose result does not matter. Querier has no ExecContext.
func run(ctx context.Context, q Querier, statement string) (err error) {
	rows, err := q.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
	}
	return rows.Err()
}
