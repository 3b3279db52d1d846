package dbprom_test

import (
	"context"
	"log"

	"entgo.io/ent/dialect"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/dbprom"
	"github.com/plinth-db/plinth/ent"
)

func ExampleNewCollector() {
	cfg, err := database.LoadConfig()
	if err != nil {
		log.Fatal(err)
	}
	db, err := database.Open(context.Background(), cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		log.Fatal(err)
	}
	prometheus.MustRegister(dbprom.NewCollector(db.Pool, "main"))
}
