// Command service is the program of the README: it writes a user with an article, and counts what is published.
package main

import (
	"context"
	"fmt"
	"log"

	"entgo.io/ent/dialect"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/ent/article"
)

func main() {
	ctx := context.Background()
	cfg, err := database.LoadConfig() // DATABASE_URL and DB_*, from the environment and .env
	if err != nil {
		log.Fatal(err)
	}
	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close(ctx)
	err = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		ada, err := tx.User.Create().SetEmail("ada@example.org").SetName("Ada").Save(ctx)
		if err != nil {
			return err // rolls back
		}
		return tx.Article.Create().SetAuthor(ada).SetTitle("Notes").SetSlug("notes").SetStatus(article.StatusPublished).Exec(ctx)
	}) // commits; after a lost connection or a serialization failure it runs again as a whole
	if err != nil {
		log.Fatal(err)
	}
	n, err := db.Client().Article.Query().Where(article.StatusEQ(article.StatusPublished)).Count(ctx)
	fmt.Println("published:", n, err)
}
