// Command library is a program of another module, with an Ent schema of its own: it applies its embedded migrations
// when it starts, and then works.
package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"

	"entgo.io/ent/dialect"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/migrate"

	"example.org/library/ent"
	"example.org/library/ent/book"
)

//go:embed migrations
var files embed.FS

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cfg, err := database.LoadConfig()
	if err != nil {
		return err
	}
	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	migrations, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	m, err := migrate.New(db.SQL(), migrations)
	if err != nil {
		return err
	}
	applied, err := m.Up(ctx)
	if err != nil {
		return err
	}
	fmt.Println("applied:", len(applied.Migrations))
	lent, err := database.InTx(ctx, db, func(ctx context.Context, tx *ent.Tx) (int, error) {
		if err := tx.Book.Create().SetTitle("On Computable Numbers").SetState(book.StateLent).Exec(ctx); err != nil {
			return 0, err
		}
		return tx.Book.Query().Where(book.StateEQ(book.StateLent)).Count(ctx)
	})
	if err != nil {
		return err
	}
	fmt.Println("lent:", lent)
	return nil
}
