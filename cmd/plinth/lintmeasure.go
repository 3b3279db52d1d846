package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/plinth-db/plinth/internal/pgserver"
	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/verify"
)

// measure runs the chosen migrations on a throwaway server, and loads what Ent knows beside that.
func (l *linter) measure(ctx context.Context) (traces map[string]*trace.File, entities map[string]diff.Table, err error) {
	var all errgroup.Group
	all.Go(func() (err error) {
		traces, err = l.trace(ctx)
		return err
	})
	all.Go(func() error {
		entities = l.entities()
		return nil
	})
	return traces, entities, all.Wait()
}

// entities are the tables that the schema code has, if there is any: lint works without.
func (l *linter) entities() map[string]diff.Table {
	if _, err := os.Stat(l.schema); err != nil || l.static || len(l.chosen) == 0 {
		return nil
	}
	model, err := diff.LoadModel(l.schema)
	if err != nil {
		l.say("no entity is named, as the schema code does not load: %v", err)
		return nil
	}
	tables := map[string]diff.Table{}
	for _, t := range model.Tables() {
		tables[t.Name] = t
	}
	return tables
}

// trace measures what is chosen, or the text that is not in the directory as if it were its next migration; nil without a server.
func (l *linter) trace(ctx context.Context) (map[string]*trace.File, error) {
	if l.static || l.dir == nil || len(l.chosen) == 0 && l.extra == nil {
		return nil, nil
	}
	run := running{dir: l.dir, versions: l.chosen, what: count(len(l.chosen), "migration")}
	err := l.addExtra(&run)
	if err == nil {
		_, err = run.dir.Head()
	}
	if err != nil {
		l.say("nothing is measured: %v", err)
		return nil, nil
	}
	traces := map[string]*trace.File{}
	err = l.withTemplates(ctx, run.dir, func(server *pgserver.Server) error {
		if !server.Owned() {
			if err := l.refuseClusterWide(); err != nil {
				l.say("nothing is measured: %v", err)
				return nil
			}
		}
		o := trace.Options{Versions: run.versions, OneRun: l.oneRun}
		scratch := verify.Scratch(scratchOn(server))
		// What a directory does to the whole server it does once in its life, and what it does to our own role is passed over by the tracer.
		if base := run.before(); base != nil && refuseClusterWide(run.dir) == nil && !slices.ContainsFunc(run.dir.Files(), trace.MayAlterRole) {
			o.Base, o.Filled = base.Version, l.kept(server, base, true)
			scratch = l.kept(server, base, false)
		}
		l.say("running %s on a throwaway PostgreSQL to see what they do", run.what)
		files, err := trace.Run(ctx, scratch, run.dir, o)
		for _, f := range files {
			traces[f.Version] = &f
			name := f.Version
			if l.extra != nil {
				name, l.extra.Trace = l.extra.Name, &f
			}
			for _, note := range f.Notes {
				l.say("%s: %s", name, note)
			}
		}
		return err
	})
	if fault, ok := errors.AsType[*migrate.ExecError](err); ok { // of a file before the chosen ones
		l.failed = append(l.failed, lint.Failed(fault))
		return traces, nil
	}
	if _, none := errors.AsType[*pgserver.NoServerError](err); none {
		fmt.Fprintf(l.err, "warning: nothing is measured, the findings come from the statements alone: %v\n", err)
		return nil, nil
	}
	return traces, err
}

// running is what is run to be measured.
type running struct {
	dir      *migrate.Dir
	versions []string
	what     string // in words
}

// addExtra makes the text that is not in the directory its next migration.
func (l *linter) addExtra(run *running) error {
	if l.extra == nil {
		return nil
	}
	dir, f, err := l.dir.Followed("text", l.extra.Text)
	if err != nil {
		return err
	}
	*run = running{dir: dir, versions: []string{f.Version}, what: "the directory and then " + l.extra.Name}
	return nil
}

func (l *linter) refuseClusterWide() error {
	if l.extra != nil {
		if err := refuseIn(l.extra.Name, l.extra.Text); err != nil {
			return err
		}
	}
	return refuseClusterWide(l.dir)
}

// before is the migration before the chosen ones, if all that follows it is chosen and the sums fit, so that it can be applied.
func (r running) before() *migrate.File {
	if r.dir.Validate() != nil {
		return nil
	}
	files := r.dir.Ordered()
	first := slices.IndexFunc(files, func(f *migrate.File) bool { return slices.Contains(r.versions, f.Version) })
	if first < 1 || len(files)-first != len(r.versions) {
		return nil
	}
	base := files[first-1]
	if len(r.dir.Ancestors(base.Version)) != first { // another branch, joined later
		return nil
	}
	return base
}

// kept makes databases with the directory up to base, and with rows if they are wanted, or copies of one that was kept.
func (l *linter) kept(server *pgserver.Server, base *migrate.File, rows bool) verify.Scratch {
	hash := sha256.New() // of what base follows, and not of the new files, which are edited until they are right
	for _, version := range l.dir.Ancestors(base.Version) {
		f := l.dir.Find(version)
		fmt.Fprintf(hash, "%q %q\n", f.UpFile(), f.Up)
	}
	key := fmt.Sprintf("lint %v %x", rows, hash.Sum(nil))
	return func(ctx context.Context) (*sql.DB, func(), error) {
		return filledOn(server)(ctx, key, func(ctx context.Context, db *sql.DB) error {
			m, err := migrate.NewFromDir(db, l.dir)
			if err != nil {
				return err
			}
			if _, err := m.UpTo(ctx, base.Version); err != nil || !rows {
				return err
			}
			_, err = verify.Fill(ctx, db, func(string, string) bool { return true })
			return err
		})
	}
}

func entityOf(entities map[string]diff.Table, table, column string) string {
	t, known := entities[strings.Trim(table, `"`)]
	if !known || strings.Contains(t.Entity, ".") {
		return t.Entity
	}
	if field := t.Fields[column]; field != "" {
		return t.Entity + "." + field
	}
	return t.Entity
}
