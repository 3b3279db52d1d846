package dbotel_test

import (
	"context"
	"log"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/dbotel"
)

func Example() {
	ctx := context.Background()
	cfg, err := database.LoadConfig()
	if err != nil {
		log.Fatal(err)
	}
	db, err := database.Open(ctx, cfg, newClient, dbotel.WithTracing())
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close(ctx)
	unregister, err := dbotel.RegisterPoolMetrics(db.Pool, "main", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer unregister()
}
