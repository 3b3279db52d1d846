package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// Merged is what was proven.
type Merged struct {
	Dir   *migrate.Dir // as it was read
	Heads []string     // that commute
	Notes []string     // what could not be tried
}

// Merge proves that the branches of fsys that end at heads, or at all heads if none are given, commute: on scratch databases with rows in
// every table, each pair of them is applied in either order, and reverted. With fewer than two heads it runs nothing.
// Nothing is written: that does [migrate.Join].
//
// Errors: *ConflictError; *migrate.ChecksumError for sum files that do not fit even as two sides of git's conflict; *migrate.DirError for
// what is no head.
func Merge(ctx context.Context, scratch Scratch, fsys fs.FS, heads ...string) (*Merged, error) {
	dir, err := migrate.ReadDir(fsys)
	if err != nil {
		return nil, err
	}
	if err := dir.ValidateMerged(); err != nil {
		return nil, err
	}
	if heads, err = headsOf(dir, heads); err != nil {
		return nil, err
	}
	result := &Merged{Dir: dir, Heads: heads}
	if len(heads) < 2 {
		return result, nil
	}
	copied, err := copyDir(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(copied) }()
	p := &proof{scratch: scratch, fsys: os.DirFS(copied), dir: dir, result: result, common: commonTo(dir, heads), rows: true}
	return result, p.run(ctx)
}

// headsOf finds the heads that are named, in full or by a unique prefix.
func headsOf(dir *migrate.Dir, names []string) ([]string, error) {
	all := dir.Heads()
	if len(names) == 0 {
		return all, nil
	}
	var list []string
	for _, name := range names {
		var found []string
		for _, h := range all {
			if h == name {
				found = []string{h}
				break
			}
			if strings.HasPrefix(h, name) {
				found = append(found, h)
			}
		}
		if name == "" || len(found) != 1 {
			return nil, &migrate.DirError{Reason: fmt.Sprintf("%q is not one of the heads, which are %s", name, strings.Join(all, ", "))}
		}
		if slices.Contains(list, found[0]) {
			return nil, &migrate.DirError{Reason: fmt.Sprintf("the head %s is named twice", found[0])}
		}
		list = append(list, found[0])
	}
	if len(list) == 1 && len(all) > 1 {
		return nil, &migrate.DirError{Reason: fmt.Sprintf("a merge needs two heads; the heads are %s", strings.Join(all, ", "))}
	}
	return list, nil
}

// copyDir writes the files to a folder of their own, with sums: those of the directory may be in conflict.
func copyDir(dir *migrate.Dir) (path string, err error) {
	if path, err = os.MkdirTemp("", "plinth-merge-*"); err != nil {
		return "", fmt.Errorf("verify: copy the files: %w", err)
	}
	for _, f := range dir.Files() {
		err = errors.Join(err, os.WriteFile(filepath.Join(path, f.UpFile()), []byte(f.Up), 0o600))
		if f.HasDown {
			err = errors.Join(err, os.WriteFile(filepath.Join(path, f.DownFile()), []byte(f.Down), 0o600))
		}
	}
	if err == nil {
		err = migrate.Hash(path)
	}
	if err != nil {
		return "", errors.Join(fmt.Errorf("verify: copy the files: %w", err), os.RemoveAll(path))
	}
	return path, nil
}

// commonTo are the versions that all heads follow, parents first.
func commonTo(dir *migrate.Dir, heads []string) []string {
	common := dir.Ancestors(heads[0])
	for _, h := range heads[1:] {
		others := dir.Ancestors(h)
		common = slices.DeleteFunc(common, func(v string) bool { return !slices.Contains(others, v) })
	}
	return common
}

// ordersOf has each pair both ways: every rotation, and the reverse.
func ordersOf(heads []string) (orders [][]string) {
	for i := range heads {
		orders = append(orders, slices.Concat(heads[i:], heads[:i]))
	}
	if len(heads) > 2 {
		reversed := slices.Clone(heads)
		slices.Reverse(reversed)
		orders = append(orders, reversed)
	}
	return orders
}

// proof tries the branches in each order.
type proof struct {
	scratch Scratch
	fsys    fs.FS
	dir     *migrate.Dir
	result  *Merged
	common  []string
	rows    bool // in the tables where the branches begin
}

// trial is what one order of the branches gave.
type trial struct {
	order    []string
	snapshot *catalog.Snapshot
	rows     data
	numbers  map[string]map[string]bool // columns by table whose numbers depend on the order of inserts
	err      error                      // of the files, or nil
	back     *ConflictError             // what is wrong with the way back, or nil
}

func (p *proof) run(ctx context.Context) error {
	var trials []*trial
	for _, order := range ordersOf(p.result.Heads) {
		t, err := p.try(ctx, order)
		if err != nil {
			return err
		}
		trials = append(trials, t)
	}
	works := slices.IndexFunc(trials, func(t *trial) bool { return t.err == nil })
	if works < 0 {
		if p.rows && !slices.ContainsFunc(trials, func(t *trial) bool { return !onRows(t.err) }) { // no order is to blame
			p.rows = false
			p.result.Notes = append(p.result.Notes, "tried on empty tables only, since the branches fail on rows in any order: "+message(trials[0].err))
			return p.run(ctx)
		}
		return &ConflictError{Second: trials[0].order, Err: trials[0].err}
	}
	first := trials[works]
	for _, t := range trials {
		if t.err != nil {
			return &ConflictError{First: first.order, Second: t.order, Err: t.err}
		}
		if changes := catalog.Compare(first.snapshot, t.snapshot); len(changes) > 0 {
			return &ConflictError{First: first.order, Second: t.order, Changes: changes}
		}
	}
	if err := p.compareRows(ctx, first, trials); err != nil {
		return err
	}
	for _, t := range trials {
		if t.back != nil {
			return t.back
		}
	}
	return nil
}

// try applies the branches in this order on a new database and reverts them.
func (p *proof) try(ctx context.Context, order []string) (*trial, error) {
	r, err := open(ctx, p.scratch, p.fsys)
	if err != nil {
		return nil, err
	}
	defer r.drop()
	for _, v := range p.common {
		if _, err := r.m.UpTo(ctx, v); err != nil {
			return nil, fmt.Errorf("verify: replay what the branches have in common: %w", err)
		}
	}
	fill := &filler{db: r.db}
	if p.rows {
		if _, err := fill.fill(ctx, func(string, string) bool { return true }); err != nil {
			return nil, err
		}
	}
	base, err := read(ctx, r.db)
	if err != nil {
		return nil, err
	}
	t := &trial{order: order}
	ran := 0
	for _, head := range order {
		run, err := r.m.UpTo(ctx, head)
		if err != nil {
			if !r.alive(ctx) {
				return nil, err
			}
			t.err = err
			return t, nil
		}
		ran += len(run.Migrations)
	}
	if t.snapshot, err = read(ctx, r.db); err != nil {
		return nil, err
	}
	if t.rows, err = readData(ctx, r.db); err != nil {
		return nil, err
	}
	if t.numbers, err = numbered(ctx, r); err != nil {
		return nil, err
	}
	return t, p.back(ctx, r, fill, t, base, ran)
}

// back reverts the n files that were applied last, and compares with where the branches began.
func (p *proof) back(ctx context.Context, r *replayed, fill *filler, t *trial, base *catalog.Snapshot, n int) error {
	files := p.branches()
	for _, f := range files {
		if !f.HasDown {
			note := f.DownFile() + " is missing, so that the way back was not tried"
			if !slices.Contains(p.result.Notes, note) {
				p.result.Notes = append(p.result.Notes, note)
			}
			return nil
		}
	}
	target := fmt.Sprintf("-%d", n)
	_, err := r.m.DownTo(ctx, target)
	if err != nil && mayEmpty(err, files) && r.alive(ctx) {
		done, serr := r.m.Status(ctx)
		if serr != nil {
			return serr
		}
		if serr := fill.truncate(ctx); serr != nil {
			return serr
		}
		_, err = r.m.DownTo(ctx, fmt.Sprintf("-%d", len(done.Applied)-len(p.common)))
	}
	if err != nil {
		if !r.alive(ctx) {
			return err
		}
		t.back = &ConflictError{Second: t.order, Reverting: true, Err: err}
		return nil
	}
	now, err := read(ctx, r.db)
	if err != nil {
		return err
	}
	if changes := catalog.Compare(base, now); len(changes) > 0 {
		t.back = &ConflictError{Second: t.order, Reverting: true, Changes: changes}
	}
	return nil
}

// branches are the files beyond what the heads have in common.
func (p *proof) branches() (list []*migrate.File) {
	for _, f := range p.dir.Ordered() {
		if slices.Contains(p.common, f.Version) {
			continue
		}
		if slices.ContainsFunc(p.result.Heads, func(h string) bool { return slices.Contains(p.dir.Ancestors(h), f.Version) }) {
			list = append(list, f)
		}
	}
	return list
}
