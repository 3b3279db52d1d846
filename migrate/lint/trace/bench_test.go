package trace_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/verify"
)

// BenchmarkOneFile is one new file on a template of 300 tables with rows, as the command keeps it. The copy of the template counts.
func BenchmarkOneFile(b *testing.B) {
	var base strings.Builder
	base.WriteString("CREATE TABLE t0 (id int PRIMARY KEY)")
	for i := 1; i < 300; i++ {
		fmt.Fprintf(&base, "; CREATE TABLE t%d (id int PRIMARY KEY, parent int REFERENCES t%d, a text, b text, c int, d date, e numeric, f boolean)", i, i-1)
	}
	server := pgtest.Test(b)
	template, err := server.CreateDatabase(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	db, err := template.SQL(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Exec(base.String()); err != nil {
		b.Fatal(err)
	}
	if _, err := verify.Fill(b.Context(), db, func(string, string) bool { return true }); err != nil {
		b.Fatal(err)
	}
	_ = db.Close()
	copied := func(ctx context.Context) (*sql.DB, func(), error) {
		d, err := server.CreateDatabaseFrom(ctx, template)
		if err != nil {
			return nil, nil, err
		}
		db, err := d.SQL(ctx)
		return db, func() { _ = db.Close(); _ = d.Drop(context.WithoutCancel(ctx)) }, err
	}
	for name, up := range map[string]string{
		"together": "ALTER TABLE t7 ADD g int; CREATE INDEX ON t8 (a); ALTER TABLE t9 DROP b; UPDATE t9 SET c = 1",
		"alone":    "-- atlas:txmode none\nCREATE INDEX CONCURRENTLY ON t8 (a)",
		"many":     strings.Repeat("UPDATE t9 SET c = 1; ALTER TABLE t9 ADD x int; ALTER TABLE t9 DROP x;\n", 10),
	} {
		dir := directory(b, base.String(), up)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				files, err := trace.Run(b.Context(), copied, dir, trace.Options{Versions: []string{"2"}, Base: "1", Filled: copied})
				if err != nil {
					b.Fatal(err)
				}
				if e, _ := files[0].Failed(); e != nil {
					b.Fatal(e)
				}
			}
		})
	}
}
