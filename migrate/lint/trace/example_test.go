package trace_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing/fstest"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint/trace"
)

func ExampleRun() {
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

	dir, err := migrate.ReadDir(fstest.MapFS{
		"1_users.up.sql": {Data: []byte("CREATE TABLE users (id int PRIMARY KEY, name varchar(50));")},
		"2_names.up.sql": {Data: []byte("ALTER TABLE users ALTER COLUMN name TYPE varchar(20);")},
	})
	check(err)
	files, err := trace.Run(ctx, scratch, dir, trace.Options{Versions: []string{"2"}})
	check(err)
	for _, s := range files[0].Statements {
		for _, l := range s.Locks {
			fmt.Println(l.Kind, l.Name, l.Mode)
		}
		for _, r := range s.Rewrites {
			fmt.Println("rewrites", r.Kind, r.Name)
		}
	}
	// Output:
	// table users AccessExclusiveLock
	// index users_pkey AccessExclusiveLock
	// rewrites table users
	// rewrites index users_pkey
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
