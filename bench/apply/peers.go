package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	golang "github.com/golang-migrate/migrate/v4"
	_ "github.com/golang-migrate/migrate/v4/database/postgres" // the database "postgres", on lib/pq
	_ "github.com/golang-migrate/migrate/v4/source/file"       // the source "file"
	_ "github.com/jackc/pgx/v5/stdlib"                         // the driver "pgx"
	"github.com/pressly/goose/v3"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/migrate"
)

// work begins like a program: it reads the directory, connects, works and closes. It calls each, where it can, after every file.
type work func(ctx context.Context, url string, each func()) error

// peer is a tool.
type peer struct {
	name             string
	up, status, down work
}

// The peers that targets name.
const (
	ours    = "Plinth"
	oursAll = "Plinth, WithTxMode(TxAll)"
	theirs  = "goose, pgx as in its command"
)

func peers(d directories) []peer {
	return []peer{
		plinth(ours, d.plinth), plinth(oursAll, d.plinth, migrate.WithTxMode(migrate.TxAll)),
		overGoose(theirs, "pgx", d.goose), overGoose("goose, lib/pq", "postgres", d.goose), golangMigrate(d.plinth),
	}
}

func plinth(name, dir string, opts ...migrate.Option) peer {
	with := func(work func(context.Context, *migrate.Migrator) error) work {
		return func(ctx context.Context, url string, each func()) error {
			cfg := database.DefaultConfig()
			cfg.URL = url
			pool, err := database.OpenPool(ctx, cfg)
			if err != nil {
				return err
			}
			observe := migrate.WithObserver(func(e migrate.Event) {
				if e.Kind == migrate.EventDone {
					each()
				}
			})
			m, err := migrate.New(pool.SQL(), os.DirFS(dir), append(opts[:len(opts):len(opts)], observe)...)
			if err == nil {
				err = work(ctx, m)
			}
			return errors.Join(err, pool.Close(context.WithoutCancel(ctx)))
		}
	}
	return peer{
		name:   name,
		up:     with(func(ctx context.Context, m *migrate.Migrator) error { _, err := m.Up(ctx); return err }),
		status: with(func(ctx context.Context, m *migrate.Migrator) error { _, err := m.Status(ctx); return err }),
		down: with(func(ctx context.Context, m *migrate.Migrator) error {
			_, err := m.DownTo(ctx, migrate.Base)
			return err
		}),
	}
}

func overGoose(name, driver, dir string) peer {
	with := func(work func(context.Context, *goose.Provider) error) work {
		return func(ctx context.Context, url string, each func()) error {
			db, err := sql.Open(driver, url)
			if err != nil {
				return err
			}
			p, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS(dir), goose.WithVerbose(true), goose.WithLogger(gooseLog(each)))
			if err == nil {
				err = work(ctx, p)
			}
			return errors.Join(err, db.Close())
		}
	}
	return peer{
		name:   name,
		up:     with(func(ctx context.Context, p *goose.Provider) error { _, err := p.Up(ctx); return err }),
		status: with(func(ctx context.Context, p *goose.Provider) error { _, err := p.Status(ctx); return err }),
		down:   with(func(ctx context.Context, p *goose.Provider) error { _, err := p.DownTo(ctx, 0); return err }),
	}
}

// gooseLog is called for what goose would print; for each file it prints its name, and how it went.
type gooseLog func()

func (each gooseLog) Printf(_ string, args ...any) {
	if len(args) == 1 && strings.HasPrefix(fmt.Sprint(args[0]), "OK ") {
		each()
	}
}

func (gooseLog) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// golangMigrate keeps the last version only, so that its status is cheap and says little.
func golangMigrate(dir string) peer {
	with := func(work func(*golang.Migrate) error) work {
		return func(_ context.Context, url string, _ func()) error {
			m, err := golang.New("file://"+dir, url)
			if err != nil {
				return err
			}
			if err = work(m); errors.Is(err, golang.ErrNoChange) {
				err = nil
			}
			source, db := m.Close()
			return errors.Join(err, source, db)
		}
	}
	return peer{
		name: "golang-migrate",
		up:   with((*golang.Migrate).Up), down: with((*golang.Migrate).Down),
		status: with(func(m *golang.Migrate) error { _, _, err := m.Version(); return err }),
	}
}
