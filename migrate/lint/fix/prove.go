package fix

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
	"github.com/plinth-db/plinth/migrate/verify"
)

// Proof is what Prove found.
type Proof struct {
	Faults []string // empty when the rewritten migrations do what the old ones do
	Notes  []string
}

// Prove runs both directories on scratch databases, and the rewritten migrations up, down and up with rows in the tables. before and after
// need sums that fit. The error says that it could not be tried.
func Prove(ctx context.Context, scratch verify.Scratch, result *Result, before, after fs.FS) (*Proof, error) {
	oldDir, err := migrate.ReadDir(before)
	if err != nil {
		return nil, err
	}
	newDir, err := migrate.ReadDir(after)
	if err != nil {
		return nil, err
	}
	if err := newDir.Check(); err != nil {
		return &Proof{Faults: []string{err.Error()}}, nil
	}
	proof := &Proof{}
	if err := proof.compare(ctx, scratch, oldDir, newDir); err != nil || len(proof.Faults) > 0 {
		return proof, err
	}
	base := baseOf(newDir, result)
	applied := func(ctx context.Context) (*sql.DB, func(), error) { return upTo(ctx, scratch, newDir, base) }
	outcomes, err := verify.TestAfter(ctx, applied, after, base)
	if err != nil {
		return nil, err
	}
	for _, o := range outcomes {
		f := newDir.Find(o.Version)
		for _, fault := range o.Failures {
			if f.HasDown || !strings.HasPrefix(fault, "no down file") {
				proof.Faults = append(proof.Faults, f.UpFile()+": "+fault)
			}
		}
		for _, note := range o.Notes {
			proof.Notes = append(proof.Notes, f.UpFile()+": "+note)
		}
	}
	return proof, nil
}

// baseOf is the version before the first migration that was rewritten; [migrate.Base] if not everything follows it.
func baseOf(dir *migrate.Dir, result *Result) string {
	files := dir.Ordered()
	first := slices.IndexFunc(files, func(f *migrate.File) bool {
		return slices.ContainsFunc(result.Rewrites, func(w Rewrite) bool { return w.Old.Version == f.Version })
	})
	if first < 1 || len(dir.Ancestors(files[first-1].Version)) != first {
		return migrate.Base
	}
	return files[first-1].Version
}

func upTo(ctx context.Context, scratch verify.Scratch, dir *migrate.Dir, target string) (*sql.DB, func(), error) {
	db, drop, err := scratch(ctx)
	if err != nil || target == migrate.Base {
		return db, drop, err
	}
	m, err := migrate.NewFromDir(db, dir)
	if err == nil {
		_, err = m.UpTo(ctx, target)
	}
	if err != nil {
		drop()
		return nil, nil, err
	}
	return db, drop, nil
}

// compare looks at what both directories make, the order of columns included.
func (p *Proof) compare(ctx context.Context, scratch verify.Scratch, before, after *migrate.Dir) error {
	if err := before.Check(); err != nil {
		p.Notes = append(p.Notes, "not compared with what the files made before, as they could not run: "+err.Error())
		return nil
	}
	old, err := made(ctx, scratch, before)
	if err != nil {
		return fmt.Errorf("the files as they are: %w", err)
	}
	rewritten, err := made(ctx, scratch, after)
	if fault, ok := errors.AsType[*migrate.ExecError](err); ok {
		p.Faults = append(p.Faults, fault.Error())
		return nil
	}
	if err != nil {
		return err
	}
	for _, c := range catalog.Compare(old, rewritten) {
		p.Faults = append(p.Faults, fmt.Sprintf("the schema would be another: %s", c))
	}
	for _, o := range old.Objects {
		if now, ok := rewritten.Find(o.Kind, o.Schema, o.Name); ok && now.Order != o.Order {
			p.Faults = append(p.Faults, fmt.Sprintf("the order of columns would be another: %s", o))
		}
	}
	return nil
}

func made(ctx context.Context, scratch verify.Scratch, dir *migrate.Dir) (*catalog.Snapshot, error) {
	db, drop, err := upTo(ctx, scratch, dir, migrate.Head)
	if err != nil {
		return nil, err
	}
	defer drop()
	return catalog.Read(ctx, db, catalog.ExcludeSchemas(migrate.DefaultRevisionSchema))
}
