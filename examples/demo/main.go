// Command demo shows the whole chain once on a throwaway PostgreSQL: migrations, the typed client, a transaction, a
// rollback, a retry after a lost connection, health, and the way back. It leaves nothing behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/ent/article"
	"github.com/plinth-db/plinth/ent/user"
	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/migrations"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// appDB is this project's client on its pool.
type appDB = database.DB[*ent.Client, *ent.Tx]

// run starts the server and makes sure that it is gone in the end.
func run(ctx context.Context) (err error) {
	title("1. A throwaway PostgreSQL", "Docker if it is there, else the server programs of this machine; PLINTH_DEV_URL chooses.")
	server, err := pgserver.Start(ctx, pgserver.Options{Logf: func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "   "+format+"\n", args...)
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	scratch, err := server.CreateDatabase(ctx)
	if err != nil {
		return err
	}
	say("started %s", server)

	cfg := database.DefaultConfig()
	cfg.URL, cfg.RetryDelay = scratch.URL(), 100*time.Millisecond
	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(context.WithoutCancel(ctx))) }()
	m, err := migrate.New(db.SQL(), migrations.FS)
	if err != nil {
		return err
	}
	for _, chapter := range []func(context.Context, *appDB, *migrate.Migrator) error{
		applyMigrations, writeTogether, rollBack, loseConnection, showHealth, revertMigrations,
	} {
		if err := chapter(ctx, db, m); err != nil {
			return err
		}
	}
	say("stopping the server; nothing is left behind")
	return nil
}

func applyMigrations(ctx context.Context, _ *appDB, m *migrate.Migrator) error {
	title("2. Migrations", "SQL files made by `plinth diff` from the Go code in schema/; each runs in one transaction with its record.")
	applied, err := m.Up(ctx)
	if err != nil {
		return err
	}
	for _, d := range applied.Migrations {
		say("applied %s_%s: %d statements in %v", d.Version, d.Name, d.Statements, d.Duration.Round(time.Millisecond))
	}
	return nil
}

func writeTogether(ctx context.Context, db *appDB, _ *migrate.Migrator) error {
	title("3. One transaction", "A user, two articles and their tags, through the typed client: all of it or nothing.")
	published, err := database.InTx(ctx, db, func(ctx context.Context, tx *ent.Tx) (*ent.Article, error) {
		ada, err := tx.User.Create().SetEmail("ada@example.org").SetName("Ada").Save(ctx)
		if err != nil {
			return nil, err
		}
		tags, err := tx.Tag.CreateBulk(tx.Tag.Create().SetName("engines"), tx.Tag.Create().SetName("poetry")).Save(ctx)
		if err != nil {
			return nil, err
		}
		if err := tx.Article.Create().SetAuthor(ada).SetTitle("A draft").SetSlug("draft").Exec(ctx); err != nil {
			return nil, err
		}
		database.OnCommit(ctx, func(context.Context) { say("OnCommit: now it is safe to tell others") })
		return tx.Article.Create().SetAuthor(ada).SetTitle("Notes on the Analytical Engine").SetSlug("notes").
			SetStatus(article.StatusPublished).SetPublishedAt(time.Now()).SetMetadata(map[string]any{"pages": 65}).
			AddTags(tags...).Save(ctx)
	}, database.Label("first article"))
	if err != nil {
		return err
	}
	say("wrote %q, status %s (a native PostgreSQL enum), metadata %v", published.Title, published.Status, published.Metadata)
	return nil
}

func rollBack(ctx context.Context, db *appDB, _ *migrate.Migrator) error {
	title("4. A rollback", "The second user has an email that exists; the error undoes the first one too.")
	err := db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := tx.User.Create().SetEmail("grace@example.org").SetName("Grace").Exec(ctx); err != nil {
			return err
		}
		return tx.User.Create().SetEmail("ada@example.org").SetName("An impostor").Exec(ctx)
	})
	if !database.IsUniqueViolation(err) {
		return fmt.Errorf("want a unique violation, got %w", err)
	}
	say("error: %v", err)
	there, err := db.Client().User.Query().Where(user.Email("grace@example.org")).Exist(ctx)
	say("is Grace there? %v", there)
	return err
}

func loseConnection(ctx context.Context, db *appDB, _ *migrate.Migrator) error {
	title("5. A lost connection", "The transaction kills its own server process; nothing was committed, so it runs again as a whole.")
	attempt := 0
	err := db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		attempt++
		if err := tx.Tag.Create().SetName("resilience").Exec(ctx); err != nil {
			return err
		}
		if attempt == 1 {
			_, err := tx.ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return err
		}
		return nil
	}, database.OnAttempt(func(a database.Attempt) {
		say("attempt %d: %s%s", a.Number, a.Outcome, because(a))
	}))
	if err != nil {
		return err
	}
	n, err := db.Client().Tag.Query().Count(ctx)
	say("tags now: %d, the new one once", n)
	return err
}

func because(a database.Attempt) string {
	if a.Err == nil {
		return ""
	}
	return fmt.Sprintf(" (%v), again in %v", a.Err, a.Wait.Round(time.Millisecond))
}

func showHealth(ctx context.Context, db *appDB, m *migrate.Migrator) error {
	title("6. Health", "What a probe asks.")
	h, err := db.Health(ctx)
	if err != nil {
		return err
	}
	say("PostgreSQL %s answered in %v, standby: %v", h.ServerVersion, h.Latency.Round(time.Microsecond), h.Standby)
	say("pool: %d of %d connections open, %d in use, %d made so far, %d retries", h.Pool.Open, h.Pool.MaxOpen, h.Pool.InUse, h.Pool.Dials, h.Pool.Retries)
	st, err := m.Status(ctx)
	if err != nil {
		return err
	}
	say("migrations: %s, at %s", st.State, st.Current)
	return nil
}

func revertMigrations(ctx context.Context, _ *appDB, m *migrate.Migrator) error {
	title("7. The way back", "Every migration has a down file; `plinth diff` proved it before writing it.")
	reverted, err := m.DownTo(ctx, migrate.Base)
	if err != nil {
		return err
	}
	for _, d := range reverted.Migrations {
		say("reverted %s_%s", d.Version, d.Name)
	}
	return nil
}

func title(heading, text string) {
	fmt.Printf("\n%s\n%s\n   %s\n", heading, strings.Repeat("-", len(heading)), text)
}

func say(format string, args ...any) { fmt.Printf("   > "+format+"\n", args...) }
