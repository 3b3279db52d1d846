package diff

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// prepare makes both databases and reads them. The caller closes what it returns; after an error nothing is left.
func prepare(ctx context.Context, in Input) (_ *work, err error) {
	w := &work{in: in}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	db, drop, err := in.Replayed(ctx)
	if err != nil {
		return nil, err
	}
	w.db, w.drops = db, append(w.drops, drop)
	if err := w.observe(ctx); err != nil {
		return nil, err
	}
	if err := w.readModel(ctx); err != nil {
		return nil, err
	}
	w.target = w.targetOf(w.states[0])
	return w, nil
}

// Replayed makes a database with the directory's state, as a plan begins with it: printed texts are settled. The caller drops it.
func (in Input) Replayed(ctx context.Context) (db *sql.DB, drop func(), err error) {
	key := in.ReplayKey
	if key != "" {
		key = "directory " + key
	}
	return in.filled(ctx, key, func(ctx context.Context, db *sql.DB) error {
		if err := in.Replay(ctx, db); err != nil {
			return &ReplayError{Err: err}
		}
		return settle(ctx, db)
	})
}

// filled runs fill in a database, unless one that was filled under that key can be had; "" is never kept.
func (in Input) filled(ctx context.Context, key string, fill func(context.Context, *sql.DB) error) (*sql.DB, func(), error) {
	if in.Filled != nil && key != "" {
		return in.Filled(ctx, key, fill)
	}
	db, drop, err := in.Scratch(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("diff: make a scratch database: %w", err)
	}
	if err := fill(ctx, db); err != nil {
		drop()
		return nil, nil, err
	}
	return db, drop, nil
}

func (w *work) readModel(ctx context.Context) error {
	extensions, err := w.extensionsToCopy(ctx)
	if err != nil {
		return err
	}
	key, err := w.in.Model.key(ctx, w.db, extensions)
	if err != nil {
		return &ModelError{Err: err}
	}
	db, drop, err := w.in.filled(ctx, key, func(ctx context.Context, db *sql.DB) error {
		if err := runEach(ctx, db, extensions); err != nil {
			return err
		}
		if err := w.in.Model.Build(ctx, db); err != nil {
			return err
		}
		return settle(ctx, db)
	})
	if err != nil {
		return err
	}
	w.drops = append(w.drops, drop)
	if w.model, err = readState(ctx, db); err != nil {
		return err
	}
	w.model.ownObjects(w.in, w.extensions)
	w.modelSnapshot, err = w.snapshot(ctx, db)
	return err
}

// extensionsToCopy are the statements that give the model the extensions that the directory installs: their types and functions may be
// in the schema code.
func (w *work) extensionsToCopy(ctx context.Context) (create []string, err error) {
	const query = `SELECT coalesce(array_agg(extname::text ORDER BY oid), '{}') FROM pg_extension WHERE oid >= 16384`
	if err := w.db.QueryRowContext(ctx, query).Scan(pq.Array(&w.extensions)); err != nil {
		return nil, fmt.Errorf("diff: read the extensions: %w", err)
	}
	w.extensions = slices.DeleteFunc(w.extensions, w.in.ownsExtension)
	for _, name := range w.extensions {
		var schema string
		const where = `SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = $1`
		if err := w.db.QueryRowContext(ctx, where, name).Scan(&schema); err != nil {
			return nil, fmt.Errorf("diff: read the extension %s: %w", name, err)
		}
		if schema != "pg_catalog" {
			create = append(create, "CREATE SCHEMA IF NOT EXISTS "+schema)
		}
		create = append(create, "CREATE EXTENSION IF NOT EXISTS "+ident(name)+" SCHEMA "+schema)
	}
	return create, nil
}

// observe appends what db is now.
func (w *work) observe(ctx context.Context) error {
	s, err := readState(ctx, w.db)
	if err != nil {
		return err
	}
	snap, err := w.snapshot(ctx, w.db)
	if err != nil {
		return err
	}
	w.states, w.snapshots = append(w.states, s), append(w.snapshots, snap)
	return nil
}

func (w *work) snapshot(ctx context.Context, db *sql.DB) (*catalog.Snapshot, error) {
	snap, err := catalog.Read(ctx, db, catalog.ExcludeSchemas(w.in.IgnoreSchemas...))
	if err != nil {
		return nil, fmt.Errorf("diff: %w", err)
	}
	return snap, nil
}
