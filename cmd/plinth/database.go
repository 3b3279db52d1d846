package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/joho/godotenv"
	"golang.org/x/sync/errgroup"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/migrate"
)

// databaseConfig reads the connection as a service does, from flag, environment, .env and configuration file, the
// earlier winning.
func (a *app) databaseConfig() (database.Config, error) {
	url := a.url
	if file, _ := godotenv.Read(); url == "" && os.Getenv("DATABASE_URL") == "" && file["DATABASE_URL"] == "" && a.projectURL != nil {
		var err error
		if url, err = a.projectURL(); err != nil {
			return database.Config{}, err
		}
	}
	if url != "" {
		if err := os.Setenv("DATABASE_URL", url); err != nil {
			return database.Config{}, err
		}
	}
	cfg, err := database.LoadConfig()
	if err != nil {
		return cfg, err
	}
	if os.Getenv("DB_APPLICATION_NAME") == "" {
		cfg.ApplicationName = "plinth"
	}
	// A service's limits would cancel an index build; the engine sets its own.
	cfg.StatementTimeout, cfg.LockTimeout, cfg.IdleInTransactionTimeout = 0, 0, 0
	return cfg, nil
}

// connect opens the database. The caller closes the pool.
func (a *app) connect(ctx context.Context) (*database.Pool, error) {
	cfg, err := a.databaseConfig()
	if err != nil {
		return nil, err
	}
	return database.OpenPool(ctx, cfg, database.WithLogger(slog.New(a.talk(a.err))))
}

func closePool(pool *database.Pool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = pool.Close(ctx)
}

// open reads the directory and connects to the database, one beside the other. The directory's faults come first: with one, nothing is
// heard of the database.
func (a *app) open(ctx context.Context) (*migrate.Dir, *database.Pool, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cfg, cfgErr := a.databaseConfig()
	said := &heldWriter{open: make(chan struct{}), to: a.err}
	var pool *database.Pool
	var connected errgroup.Group
	connected.Go(func() (err error) {
		if cfgErr != nil {
			return cfgErr
		}
		pool, err = database.OpenPool(ctx, cfg, database.WithLogger(slog.New(a.talk(said))))
		return err
	})
	dir, err := a.readDir(ctx)
	if err != nil {
		said.to = io.Discard
		cancel()
	}
	close(said.open)
	connectErr := connected.Wait()
	if err == nil {
		return dir, pool, connectErr
	}
	if connectErr == nil {
		closePool(pool)
	}
	return nil, nil, err
}

// heldWriter keeps who writes waiting until it is open; from then on to is not set any more.
type heldWriter struct {
	open chan struct{}
	to   io.Writer
}

func (w *heldWriter) Write(p []byte) (int, error) {
	<-w.open
	return w.to.Write(p)
}

// withMigrator opens database and directory, and runs f.
func (a *app) withMigrator(ctx context.Context, f func(*migrate.Migrator) error, opts ...migrate.Option) error {
	dir, pool, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer closePool(pool)
	schema, err := a.revisionsIn()
	if err != nil {
		return err
	}
	opts = append(opts, migrate.WithRevisionSchema(schema), migrate.WithOperator("Plinth "+version()), migrate.WithObserver(a.observer()))
	m, err := migrate.NewFromDir(pool.SQL(), dir, opts...)
	if err != nil {
		return err
	}
	return f(m)
}

// revisionsIn is the schema of the revision table: the configuration file's, else the first of the URL's search_path,
// as with Atlas.
func (a *app) revisionsIn() (string, error) {
	if a.revisionSchema != "" {
		return a.revisionSchema, nil
	}
	path, err := a.searchPath()
	if err != nil {
		return "", err
	}
	if len(path) > 0 {
		return path[0], nil
	}
	return migrate.DefaultRevisionSchema, nil
}

// searchPath is the connection's, without quotes; empty for the server's default.
func (a *app) searchPath() (path []string, err error) {
	cfg, err := a.databaseConfig()
	if err != nil {
		return nil, err
	}
	dsn, err := pgconn.Parse(cfg.URL)
	if err != nil {
		return nil, err
	}
	for schema := range strings.SplitSeq(dsn.Get("search_path"), ",") {
		if schema = strings.Trim(strings.TrimSpace(schema), `"`); schema != "" {
			path = append(path, schema)
		}
	}
	return path, nil
}

// talk is a log handler that writes plain lines.
func (a *app) talk(to io.Writer) slog.Handler {
	if a.quiet {
		return slog.DiscardHandler
	}
	return slog.NewTextHandler(to, &slog.HandlerOptions{ReplaceAttr: func(groups []string, at slog.Attr) slog.Attr {
		if len(groups) == 0 && (at.Key == slog.TimeKey || at.Key == slog.LevelKey) {
			return slog.Attr{}
		}
		return at
	}})
}
