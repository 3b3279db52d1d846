package catalog_test

import (
	"context"
	"fmt"
	"os"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate/catalog"
)

func ExampleRead() {
	ctx := context.Background()
	server, err := pgserver.Shared(ctx, pgserver.Options{})
	check(err)
	defer func() { check(server.Close()) }()
	scratch, err := server.CreateDatabase(ctx)
	check(err)
	defer func() { check(scratch.Drop(ctx)) }()
	db, err := scratch.SQL(ctx)
	check(err)
	defer func() { check(db.Close()) }()

	before, err := catalog.Read(ctx, db, catalog.OnlySchemas("public"))
	check(err)
	_, err = db.ExecContext(ctx, "CREATE TABLE users (id int PRIMARY KEY, email text DEFAULT 'none')")
	check(err)
	after, err := catalog.Read(ctx, db, catalog.OnlySchemas("public"))
	check(err)
	for _, c := range catalog.Compare(before, after) {
		fmt.Println(c)
	}
	// Output:
	// added column public.users.email
	// added column public.users.id
	// added constraint public.users.users_pkey
	// added table public.users
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ExampleCompare() {
	from := &catalog.Snapshot{Objects: []catalog.Object{
		{Kind: catalog.KindColumn, Schema: "public", Name: "users.email", Table: "users", Def: "type text", Order: 2},
		{Kind: catalog.KindTable, Schema: "public", Name: "users"},
	}}
	to := &catalog.Snapshot{Objects: []catalog.Object{
		{Kind: catalog.KindColumn, Schema: "public", Name: "users.email", Table: "users", Def: "type text\nnot null", Order: 1},
		{Kind: catalog.KindTable, Schema: "public", Name: "users"},
	}}
	for _, c := range catalog.Compare(from, to) {
		fmt.Printf("%s: %q -> %q\n", c, c.Before, c.After)
	}
	fmt.Println(len(catalog.Compare(to, to)), to.Fingerprint() == from.Fingerprint())
	// Output:
	// altered column public.users.email: "type text" -> "type text\nnot null"
	// 0 false
}

func ExampleSnapshot_WriteTo() {
	s := &catalog.Snapshot{Objects: []catalog.Object{
		{Kind: catalog.KindColumn, Schema: "public", Name: "users.email", Table: "users", Def: "type text\nnot null", Order: 1},
		{Kind: catalog.KindTable, Schema: "public", Name: "users"},
	}}
	if _, err := s.WriteTo(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// column public.users.email
	//   type text
	//   not null
	// table public.users
}
