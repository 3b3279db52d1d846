package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/cockroachdb/cockroach-go/v2/crdb"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "github.com/lib/pq"              // the driver "postgres"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
)

// peer is a way to make the transaction.
type peer struct {
	name string
	// open connects; transact makes one transaction and is safe for concurrent use.
	open func(ctx context.Context, url string, connections int) (transact func(context.Context) error, done func(), err error)
	// turn replaces open for a peer that is a program of its own.
	turn func(ctx context.Context, t *turn, o options) (sample, error)
}

// The peers that others are compared with.
const (
	ours       = "Plinth WithTx + Ent"
	entAlone   = "Ent on lib/pq"
	batchBegin = "pgx pool, Batch.BeginTx"
	pgbench    = "pgbench -M prepared"
)

func peers(s *server) []peer {
	return []peer{
		{name: ours, open: openPlinth},
		{name: entAlone, open: openEnt},
		{name: "lib/pq", open: overSQL("postgres", plain)},
		{name: "crdb.ExecuteTx on lib/pq", open: overSQL("postgres", cockroach)},
		{name: "pgx stdlib", open: overSQL("pgx", plain)},
		{name: "pgx pool", open: openPgx(pgxPlain)},
		{name: batchBegin, open: openPgx(pgxBatch)},
		{name: pgbench, turn: s.pgbench},
	}
}

func openPlinth(ctx context.Context, url string, connections int) (func(context.Context) error, func(), error) {
	cfg := database.DefaultConfig()
	cfg.URL, cfg.PoolSize, cfg.MaxOverflow = url, connections, 0
	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		return nil, nil, err
	}
	transact := func(ctx context.Context) error {
		return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			return tx.Tag.Create().SetName(uuid.NewString()).Exec(ctx)
		})
	}
	return transact, func() { _ = db.Close(context.WithoutCancel(ctx)) }, nil
}

func openSQL(driver, url string, connections int) (*sql.DB, error) {
	db, err := sql.Open(driver, url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func openEnt(_ context.Context, url string, connections int) (func(context.Context) error, func(), error) {
	db, err := openSQL("postgres", url, connections)
	if err != nil {
		return nil, nil, err
	}
	client := ent.NewClient(ent.Driver(entsql.OpenDB(dialect.Postgres, db)))
	transact := func(ctx context.Context) error {
		tx, err := client.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := tx.Tag.Create().SetName(uuid.NewString()).Exec(ctx); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}
	return transact, func() { _ = client.Close() }, nil
}

func overSQL(driver string, transact func(context.Context, *sql.DB) error) func(context.Context, string, int) (func(context.Context) error, func(), error) {
	return func(_ context.Context, url string, connections int) (func(context.Context) error, func(), error) {
		db, err := openSQL(driver, url, connections)
		if err != nil {
			return nil, nil, err
		}
		return func(ctx context.Context) error { return transact(ctx, db) }, func() { _ = db.Close() }, nil
	}
}

func plain(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insert, uuid.NewString(), uuid.NewString()); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func cockroach(ctx context.Context, db *sql.DB) error {
	return crdb.ExecuteTx(ctx, db, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, insert, uuid.NewString(), uuid.NewString())
		return err
	})
}

func openPgx(transact func(context.Context, *pgxpool.Pool) error) func(context.Context, string, int) (func(context.Context) error, func(), error) {
	return func(ctx context.Context, raw string, connections int) (func(context.Context) error, func(), error) {
		cfg, err := pgxpool.ParseConfig(raw)
		if err != nil {
			return nil, nil, errors.New("pgx refuses the URL") // it may hold a password
		}
		cfg.MaxConns = int32(connections)
		pool, err := pgxpool.NewWithConfig(ctx, cfg)
		if err != nil {
			return nil, nil, err
		}
		return func(ctx context.Context) error { return transact(ctx, pool) }, pool.Close, nil
	}
}

func pgxPlain(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insert, uuid.NewString(), uuid.NewString()); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// pgxBatch sends BEGIN and INSERT together, and then COMMIT.
func pgxBatch(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var b pgx.Batch
	b.BeginTx(pgx.TxOptions{})
	b.Queue(insert, uuid.NewString(), uuid.NewString())
	results := conn.SendBatch(ctx, &b)
	if err := results.Close(); err != nil {
		return errors.Join(err, results.Tx().Rollback(ctx))
	}
	return results.Tx().Commit(ctx)
}

// withoutPassword splits a URL for a program whose arguments everybody can see.
func withoutPassword(raw string) (bare, password string, err error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", errors.New("the URL cannot be parsed")
	}
	q := u.Query()
	path := q.Get("search_path") // libpq knows it only as an option
	q.Del("search_path")
	q.Set("options", "-csearch_path="+path)
	u.RawQuery = q.Encode()
	if u.User != nil {
		password, _ = u.User.Password()
		u.User = url.User(u.User.Username())
	}
	return u.String(), password, nil
}
