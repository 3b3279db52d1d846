// Package database is what a service imports: it opens an Ent client on a pool of PostgreSQL connections, runs
// transactions that are retried when that is safe, and answers health probes.
//
//	cfg, err := database.LoadConfig()
//	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
//	err = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error { ... })
//
// The pool is the package's own; database/sql above it keeps no connections, so that every way in (the Ent client,
// WithTx, raw SQL) waits in one queue, first come, first served, under one limit. database/sql alone serves waiters
// in random order (sql.go, connRequests.TakeRandom).
//
// What a transaction's error means: an error that is a *[CommitUnknownError] says that COMMIT was sent and its answer
// lost, so the transaction may have happened. Every other error of WithTx says that it did not.
package database
