package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// withScratch starts the throwaway server, runs f and stops the server.
func (a *app) withScratch(ctx context.Context, f func(*pgserver.Server) error) error {
	server, err := pgserver.Start(ctx, pgserver.Options{URL: a.devURL, Logf: a.say})
	if err != nil {
		return err
	}
	if err := f(server); err != nil {
		_ = server.Close()
		return err
	}
	return server.Close()
}

// scratchOn makes databases on the server.
func scratchOn(server *pgserver.Server) diff.Scratch {
	return func(ctx context.Context) (*sql.DB, func(), error) {
		database, err := server.CreateDatabase(ctx)
		if err != nil {
			return nil, nil, err
		}
		drop := func() { _ = database.Drop(context.WithoutCancel(ctx)) }
		db, err := database.SQL(ctx)
		if err != nil {
			drop()
			return nil, nil, err
		}
		return db, func() { _ = db.Close(); drop() }, nil
	}
}

// replay applies the directory to a scratch database; a missing directory is an empty one. On a server that is not
// ours it refuses files that reach beyond one database.
func (a *app) replay(server *pgserver.Server) func(context.Context, *sql.DB) error {
	return func(ctx context.Context, db *sql.DB) error {
		dir, err := a.readDirOrNone(ctx)
		if err != nil || dir == nil {
			return err
		}
		if !server.Owned() {
			if err := refuseClusterWide(dir); err != nil {
				return err
			}
		}
		m, err := migrate.New(db, a.fsys)
		if err != nil {
			return err
		}
		_, err = m.Up(ctx)
		return err
	}
}

func refuseClusterWide(dir *migrate.Dir) error {
	for _, f := range dir.Files() {
		if err := refuseIn(f.UpFile(), f.Up); err != nil {
			return err
		}
		if err := refuseIn(f.DownFile(), f.Down); err != nil {
			return err
		}
	}
	return nil
}

func refuseIn(file, content string) error {
	statements, err := sqltext.Split(content)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, stmt := range statements {
		if what, ok := stmt.ClusterWide(); ok {
			return fmt.Errorf("%s:%d: %s reaches beyond one database and is not run on a server that Plinth did not start; "+
				"use --dev-url docker://postgres/17 or local://", file, stmt.Line, what)
		}
	}
	return nil
}
