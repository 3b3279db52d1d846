package verify

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/catalog"
)

// Outcome is what the test of one migration found.
type Outcome struct {
	Version  string
	Name     string
	Failures []string // empty when all is well
	Notes    []string // what a reader should know and is no failure
	Lost     []string // data that the down neither brings back nor declares as lost; each is one of the Failures too
}

// OK reports whether nothing failed.
func (o Outcome) OK() bool { return len(o.Failures) == 0 }

// Detail is failures and notes in one line; "" for neither.
func (o Outcome) Detail() string {
	return strings.Join(slices.Concat(o.Failures, o.Notes), "; ")
}

// Test runs each migration of fsys, in lineage order, on a scratch database: up, rows into every table, down, up. After the down the
// catalog must be what it was before the up, and so must the rows that were there, unless the down is declared irreversible;
// after the second up it must be what it was after the first. At the end everything is reverted and applied once more.
//
// There is one outcome for each migration, none for an empty directory. An error means that the test could not be run: the
// directory is not as its sum files say, has several heads, or the server failed.
func Test(ctx context.Context, scratch Scratch, fsys fs.FS) ([]Outcome, error) {
	return test(ctx, &tester{scratch: scratch, fsys: fsys, base: migrate.Base})
}

// TestAfter is Test for the migrations that follow base, a version, or [migrate.Base] for all, on databases that have base and what it
// follows applied. Of the tables that are there, those get rows that the migrations touch, and those that they reference.
func TestAfter(ctx context.Context, applied Scratch, fsys fs.FS, base string) ([]Outcome, error) {
	return test(ctx, &tester{scratch: applied, fsys: fsys, base: base})
}

func test(ctx context.Context, t *tester) ([]Outcome, error) {
	dir, err := migrate.ReadDir(t.fsys)
	if err != nil {
		return nil, err
	}
	if err := dir.Validate(); err != nil {
		return nil, err
	}
	if _, err := dir.Head(); err != nil {
		return nil, err
	}
	if err := t.start(ctx); err != nil {
		return nil, err
	}
	defer func() { t.drop() }()
	files, there := dir.Ordered(), dir.Ancestors(t.base)
	if len(there) > 0 {
		files = slices.DeleteFunc(files, func(f *migrate.File) bool { return slices.Contains(there, f.Version) })
		if t.near, err = t.concerned(ctx); err != nil {
			return nil, err
		}
		t.filler.near = t.near
		if err := t.fill(ctx, nil, nil); err != nil {
			return nil, err
		}
		if err := t.note(ctx); err != nil {
			return nil, err
		}
	}
	return t.all(ctx, files)
}

// tester moves one scratch database forward, from file to file.
type tester struct {
	scratch Scratch
	fsys    fs.FS
	base    string // what scratch's databases have applied
	near    nearby // the tables that get rows; nil for all
	*replayed
	empty   *catalog.Snapshot // at base
	now     *catalog.Snapshot // after the last file
	data    data              // likewise
	filler  *filler
	applied int // files
}

func (t *tester) start(ctx context.Context) error {
	r, err := open(ctx, t.scratch, t.fsys)
	if err != nil {
		return err
	}
	empty, err := read(ctx, r.db)
	if err != nil {
		r.drop()
		return err
	}
	t.replayed, t.filler = r, &filler{db: r.db, near: t.near}
	t.empty, t.now, t.data, t.applied = empty, empty, nil, 0
	return nil
}

// rebuild begins again with a new database and the first n files, without rows.
func (t *tester) rebuild(ctx context.Context, n int) error {
	t.drop()
	t.replayed = &replayed{drop: func() {}}
	if err := t.start(ctx); err != nil {
		return err
	}
	if n > 0 {
		if _, err := t.m.UpTo(ctx, "+"+strconv.Itoa(n)); err != nil {
			return err
		}
	}
	t.applied = n
	now, err := read(ctx, t.db)
	t.now = now
	return err
}

func (t *tester) all(ctx context.Context, files []*migrate.File) ([]Outcome, error) {
	var list []Outcome
	for i, f := range files {
		o := Outcome{Version: f.Version, Name: f.Name}
		if err := t.file(ctx, f, &o); err != nil {
			return nil, err
		}
		list = append(list, o)
		if t.applied <= i { // not even the up runs
			for _, rest := range files[i+1:] {
				list = append(list, Outcome{Version: rest.Version, Name: rest.Name, Failures: []string{"not tested, since " + f.Version + " cannot be applied"}})
			}
			return list, nil
		}
	}
	if slices.ContainsFunc(files, func(f *migrate.File) bool { return !f.HasDown }) {
		return list, nil
	}
	return list, t.roundTrip(ctx, list)
}

// file tests one migration and leaves it applied, if it can be.
func (t *tester) file(ctx context.Context, f *migrate.File, o *Outcome) error {
	before, had := t.now, t.data
	if ok, err := t.firstUp(ctx, o); err != nil || !ok {
		return err
	}
	if t.data == nil {
		had = nil
	}
	after, err := read(ctx, t.db)
	if err != nil {
		return err
	}
	t.now = after
	touched := catalog.Compare(before, after)
	if err := t.fill(ctx, touched, o); err != nil {
		return err
	}
	if !f.HasDown {
		o.fail("no down file: write %s, or declare there with -- plinth:irreversible what it cannot bring back", f.DownFile())
		return t.note(ctx)
	}
	down, err := t.down(ctx, f, o)
	if err != nil {
		return err
	}
	if t.data == nil { // emptied
		had = nil
	}
	again := down
	if down {
		if again, err = t.compareDown(ctx, f, o, before, had, after); err != nil {
			return err
		}
	}
	if !again {
		if err := t.rebuild(ctx, t.applied); err != nil {
			return err
		}
		touched = catalog.Compare(t.empty, t.now)
	}
	if err := t.fill(ctx, touched, nil); err != nil {
		return err
	}
	return t.note(ctx)
}

func (o *Outcome) fail(format string, args ...any) {
	o.Failures = append(o.Failures, fmt.Sprintf(format, args...))
}

func (o *Outcome) note(format string, args ...any) {
	o.Notes = append(o.Notes, fmt.Sprintf(format, args...))
}

// note reads the rows that the next file meets.
func (t *tester) note(ctx context.Context) (err error) {
	t.data, err = readData(ctx, t.db)
	return err
}

// firstUp applies the next file; on empty tables, if it does not work on those with rows.
func (t *tester) firstUp(ctx context.Context, o *Outcome) (ok bool, err error) {
	_, err = t.m.UpTo(ctx, "+1")
	if err == nil {
		t.applied++
		return true, nil
	}
	if !t.alive(ctx) {
		return false, err
	}
	if t.data.count() == 0 {
		o.fail("the up fails: %s", message(err))
		return false, nil
	}
	if err := t.rebuild(ctx, t.applied); err != nil {
		return false, err
	}
	if _, again := t.m.UpTo(ctx, "+1"); again != nil {
		o.fail("the up fails: %s", message(again))
		return false, nil
	}
	t.applied++
	if onValues(err) {
		o.note("the up fails on rows that were made for the test, so that it was tried on empty tables: %s", message(err))
	} else {
		o.fail("the up fails when the tables hold rows, though not on empty ones: %s", message(err))
	}
	return true, nil
}

// down reverts the last file. It may fail on values that only the file's schema allows, and, declared irreversible, on rows of any kind; it is
// then tried on empty tables.
func (t *tester) down(ctx context.Context, f *migrate.File, o *Outcome) (ok bool, err error) {
	_, err = t.m.Down(ctx)
	if err == nil {
		return true, nil
	}
	if !t.alive(ctx) {
		return false, err
	}
	if onValues(err) || onRows(err) && irreversible(f) {
		o.note("the down fails on rows that were made for the test, so that it was tried on empty tables: %s", message(err))
		if err := t.filler.truncate(ctx); err != nil {
			return false, err
		}
		t.data = nil
		if _, err = t.m.Down(ctx); err == nil {
			return true, nil
		}
		if !t.alive(ctx) {
			return false, err
		}
	}
	o.fail("the down fails: %s", message(err))
	return false, nil
}

// compareDown looks at what the down left and applies the file again. ok means that the database is in order.
func (t *tester) compareDown(ctx context.Context, f *migrate.File, o *Outcome, before *catalog.Snapshot, had data, after *catalog.Snapshot) (ok bool, err error) {
	reverted, err := read(ctx, t.db)
	if err != nil {
		return false, err
	}
	if wrong := catalog.Compare(before, reverted); len(wrong) > 0 {
		o.fail("the down does not bring back the schema that was there before the up: %s", describe(wrong))
	}
	has, err := readData(ctx, t.db)
	if err != nil {
		return false, err
	}
	if table, column, ok := f.Fills(); ok {
		had = had.without(table, column)
	}
	_, declared := f.Irreversible()
	for _, lost := range had.lostIn(has) {
		if declared {
			o.note("lost, as declared: %s", lost.told)
		} else {
			o.fail("the down does not bring back the data that was there before the up: %s; "+
				"bring it back, or declare the down with -- plinth:irreversible REASON", lost.told)
			o.Lost = append(o.Lost, lost.what)
		}
	}
	if _, err := t.m.UpTo(ctx, "+1"); err != nil {
		if !t.alive(ctx) {
			return false, err
		}
		o.fail("the up fails after the down: %s", message(err))
		return false, nil
	}
	again, err := read(ctx, t.db)
	if err != nil {
		return false, err
	}
	wrong := catalog.Compare(after, again)
	if len(wrong) > 0 && len(o.Failures) == 0 {
		o.fail("the up gives another schema when it runs again after the down: %s", describe(wrong))
	}
	return len(wrong) == 0, nil
}

// fill puts rows into the tables that a file touched, and those without any. What cannot be filled is noted in o.
func (t *tester) fill(ctx context.Context, touched []catalog.Change, o *Outcome) error {
	changed := map[[2]string]bool{}
	for _, c := range touched {
		changed[[2]string{c.Object.Schema, c.Object.Table}] = true
	}
	unfilled, err := t.filler.fill(ctx, func(schema, table string) bool { return changed[[2]string{schema, table}] })
	if err != nil {
		return err
	}
	for _, u := range unfilled {
		if o != nil && u.touched {
			o.note("no rows could be made for %s: %s", u.table, u.reason)
		}
	}
	return nil
}
