package verify

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// Scratch makes an empty database. drop closes and removes it.
type Scratch func(ctx context.Context) (db *sql.DB, drop func(), err error)

// replayed is a scratch database on which files of a directory are run.
type replayed struct {
	db   *sql.DB
	m    *migrate.Migrator
	drop func()
}

// open makes a scratch database for fsys. The caller calls drop.
func open(ctx context.Context, scratch Scratch, fsys fs.FS) (*replayed, error) {
	db, drop, err := scratch(ctx)
	if err != nil {
		return nil, err
	}
	m, err := migrate.New(db, fsys, migrate.WithAllowIrreversible())
	if err != nil {
		drop()
		return nil, err
	}
	return &replayed{db: db, m: m, drop: drop}, nil
}

// read takes a snapshot without Plinth's own tables.
func read(ctx context.Context, q catalog.Querier) (*catalog.Snapshot, error) {
	return catalog.Read(ctx, q, catalog.ExcludeSchemas(migrate.DefaultRevisionSchema))
}

// mostShown bounds how many differences a message lists.
const mostShown = 10

// describe lists changes for a person, first what should be, then what is.
func describe(changes []catalog.Change) string {
	var b strings.Builder
	for i, c := range changes {
		if i == mostShown {
			fmt.Fprintf(&b, "; and %d more", len(changes)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.String())
		if c.Change == catalog.Altered {
			before, after := onlyIn(c.Before, c.After)
			fmt.Fprintf(&b, " (should be: %s, is: %s)", before, after)
		}
	}
	return b.String()
}

// onlyIn returns the lines that one definition has and the other lacks.
func onlyIn(a, b string) (inA, inB string) {
	return missing(a, b), missing(b, a)
}

func missing(a, b string) string {
	has := map[string]bool{}
	for line := range strings.SplitSeq(b, "\n") {
		has[line] = true
	}
	var list []string
	for line := range strings.SplitSeq(a, "\n") {
		if !has[line] {
			list = append(list, strings.TrimSpace(line))
		}
	}
	if list == nil {
		return "nothing more"
	}
	return strings.Join(list, "; ")
}

// alive tells a fault of the files from one of the server: after the former, ctx goes on and the database answers.
func (r *replayed) alive(ctx context.Context) bool {
	return ctx.Err() == nil && r.db.PingContext(ctx) == nil
}
