package pgserver_test

import (
	"context"
	"fmt"
	"log"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func ExampleStart() {
	ctx := context.Background()
	server, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	scratch, err := server.CreateDatabase(ctx)
	if err != nil {
		log.Fatal(err)
	}
	db, err := scratch.SQL(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Owned(), tables)
	// Output: true 0
}
