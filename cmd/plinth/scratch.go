package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"sync"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// withScratch starts the throwaway server, runs f and stops the server.
func (a *app) withScratch(ctx context.Context, f func(*pgserver.Server) error) error {
	return a.withServer(ctx, pgserver.Options{}, f)
}

// withTemplates is withScratch on a server that keeps the replayed directory for the next time. A directory that makes roles and the like
// does so once in the life of a server, so that it is replayed on a new one each time.
func (a *app) withTemplates(ctx context.Context, dir *migrate.Dir, f func(*pgserver.Server) error) error {
	return a.withServer(ctx, pgserver.Options{Templates: dir != nil && refuseClusterWide(dir) == nil}, f)
}

func (a *app) withServer(ctx context.Context, o pgserver.Options, f func(*pgserver.Server) error) error {
	o.URL, o.Logf = a.devURL, a.say
	server, err := pgserver.Start(ctx, o)
	if err != nil {
		return err
	}
	if err := f(server); err != nil {
		_ = server.Close()
		return err
	}
	return server.Close()
}

// scratchOn makes empty databases on the server.
func scratchOn(server *pgserver.Server) diff.Scratch { return opened(server.CreateDatabase) }

// opened makes databases and connects to them.
func opened(create func(context.Context) (*pgserver.Database, error)) diff.Scratch {
	return func(ctx context.Context) (*sql.DB, func(), error) {
		database, err := create(ctx)
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

// replay applies the directory to a scratch database; a missing directory is an empty one. On a server that is not ours it refuses
// files that reach beyond one database.
func (a *app) replay(server *pgserver.Server, dir *migrate.Dir) func(context.Context, *sql.DB) error {
	return func(ctx context.Context, db *sql.DB) error {
		if dir == nil || len(dir.Files()) == 0 {
			return nil
		}
		if !server.Owned() {
			if err := refuseClusterWide(dir); err != nil {
				return err
			}
		}
		a.say("replaying %s", count(len(dir.Files()), "migration"))
		m, err := migrate.NewFromDir(db, dir)
		if err != nil {
			return err
		}
		_, err = m.Up(ctx)
		return err
	}
}

// replayKey is what the outcome of replay depends on.
func replayKey(dir *migrate.Dir) string {
	if dir == nil || len(dir.Files()) == 0 {
		return ""
	}
	key := sha256.New()
	for _, f := range dir.Ordered() {
		fmt.Fprintf(key, "%q %q\n", f.UpFile(), f.Up)
	}
	return fmt.Sprintf("%x", key.Sum(nil))
}

// program tells builds of the command apart: what fills a database is its code too, and templates outlive an update.
var program = sync.OnceValue(func() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
})

// filledOn makes databases on the server, or copies of those that were filled before by this program.
func filledOn(server *pgserver.Server) func(context.Context, string, func(context.Context, *sql.DB) error) (*sql.DB, func(), error) {
	return func(ctx context.Context, key string, fill func(context.Context, *sql.DB) error) (*sql.DB, func(), error) {
		return opened(func(ctx context.Context) (*pgserver.Database, error) {
			return server.CreateFilled(ctx, program()+" "+key, fill)
		})(ctx)
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
