package verify_test

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate/migrations"
	"github.com/plinth-db/plinth/migrate/verify"
)

func ExampleTest() {
	ctx := context.Background()
	server, err := pgserver.Shared(ctx, pgserver.Options{})
	check(err)
	defer func() { check(server.Close()) }()
	scratch := func(ctx context.Context) (*sql.DB, func(), error) {
		d, err := server.CreateDatabase(ctx)
		if err != nil {
			return nil, nil, err
		}
		db, err := d.SQL(ctx)
		if err != nil {
			return nil, nil, err
		}
		return db, func() { check(db.Close()); check(d.Drop(context.WithoutCancel(ctx))) }, nil
	}

	outcomes, err := verify.Test(ctx, scratch, migrations.FS)
	check(err)
	for _, o := range outcomes {
		if !o.OK() {
			fmt.Println(o.Version, o.Detail())
		}
	}
	fmt.Println("done")
	// Output: done
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
