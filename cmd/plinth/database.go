package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/joho/godotenv"

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
	return database.OpenPool(ctx, cfg, database.WithLogger(slog.New(a.talk())))
}

func closePool(pool *database.Pool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = pool.Close(ctx)
}

// withMigrator opens database and directory, and runs f.
func (a *app) withMigrator(ctx context.Context, f func(*migrate.Migrator) error, opts ...migrate.Option) error {
	dir, err := a.readDir(ctx)
	if err != nil { // before the database's network
		return err
	}
	pool, err := a.connect(ctx)
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

// talk is a log handler that writes plain lines to stderr.
func (a *app) talk() slog.Handler {
	if a.quiet {
		return slog.DiscardHandler
	}
	return slog.NewTextHandler(a.err, &slog.HandlerOptions{ReplaceAttr: func(groups []string, at slog.Attr) slog.Attr {
		if len(groups) == 0 && (at.Key == slog.TimeKey || at.Key == slog.LevelKey) {
			return slog.Attr{}
		}
		return at
	}})
}
