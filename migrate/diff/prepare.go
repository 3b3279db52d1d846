package diff

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

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
	if err := w.replay(ctx); err != nil {
		return nil, err
	}
	if err := settle(ctx, w.db); err != nil {
		return nil, err
	}
	if err := w.observe(ctx); err != nil {
		return nil, err
	}
	if err := w.readModel(ctx); err != nil {
		return nil, err
	}
	w.target = w.targetOf(w.states[0])
	return w, nil
}

// replay gets the database with the directory's state.
func (w *work) replay(ctx context.Context) (err error) {
	if w.in.Replayed != nil {
		db, drop, err := w.in.Replayed(ctx)
		if err != nil {
			return &ReplayError{Err: err}
		}
		w.db, w.drops = db, append(w.drops, drop)
		return nil
	}
	if w.db, err = w.scratch(ctx); err != nil {
		return err
	}
	if err := w.in.Replay(ctx, w.db); err != nil {
		return &ReplayError{Err: err}
	}
	return nil
}

func (w *work) scratch(ctx context.Context) (*sql.DB, error) {
	db, drop, err := w.in.Scratch(ctx)
	if err != nil {
		return nil, fmt.Errorf("diff: make a scratch database: %w", err)
	}
	w.drops = append(w.drops, drop)
	return db, nil
}

func (w *work) readModel(ctx context.Context) error {
	db, err := w.scratch(ctx)
	if err != nil {
		return err
	}
	if err := w.copyExtensions(ctx, db); err != nil {
		return err
	}
	if err := w.in.Model.Build(ctx, db); err != nil {
		return err
	}
	if err := settle(ctx, db); err != nil {
		return err
	}
	if w.model, err = readState(ctx, db); err != nil {
		return err
	}
	w.model.ownObjects(w.in, w.extensions)
	w.modelSnapshot, err = w.snapshot(ctx, db)
	return err
}

// copyExtensions gives the model the extensions that the directory installs: their types and functions may be in the schema code.
func (w *work) copyExtensions(ctx context.Context, model *sql.DB) error {
	const query = `SELECT coalesce(array_agg(extname::text ORDER BY oid), '{}') FROM pg_extension WHERE oid >= 16384`
	if err := w.db.QueryRowContext(ctx, query).Scan(pq.Array(&w.extensions)); err != nil {
		return fmt.Errorf("diff: read the extensions: %w", err)
	}
	w.extensions = slices.DeleteFunc(w.extensions, w.in.ownsExtension)
	for _, name := range w.extensions {
		var schema string
		const where = `SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = $1`
		if err := w.db.QueryRowContext(ctx, where, name).Scan(&schema); err != nil {
			return fmt.Errorf("diff: read the extension %s: %w", name, err)
		}
		var create []string
		if schema != "pg_catalog" {
			create = append(create, "CREATE SCHEMA IF NOT EXISTS "+schema)
		}
		create = append(create, "CREATE EXTENSION IF NOT EXISTS "+ident(name)+" SCHEMA "+schema)
		if _, err := model.ExecContext(ctx, strings.Join(create, "; ")); err != nil {
			return &ModelError{Statement: create[len(create)-1], Err: err}
		}
	}
	return nil
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
