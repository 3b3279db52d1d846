package diff

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// Scratch makes an empty database of its own at each call. drop closes db and removes the database; Plan and Check call it once for
// every database that they got, also after errors.
type Scratch func(ctx context.Context) (db *sql.DB, drop func(), err error)

// Input is what Plan and Check work on.
type Input struct {
	Model   *Model
	Scratch Scratch
	// Replay brings an empty database to the directory's state: it applies all up files. It may leave its bookkeeping behind in
	// schemas that IgnoreSchemas names.
	Replay func(ctx context.Context, db *sql.DB) error
	// ReplayKey is what the outcome of Replay depends on; "" for an outcome that is not kept.
	ReplayKey string
	// Filled, where it is set, makes a database in which fill was run, or a copy of one that was filled under the same key before: what
	// the directory and the model make costs time. It takes the place of Scratch for them.
	Filled func(ctx context.Context, key string, fill func(ctx context.Context, db *sql.DB) error) (db *sql.DB, drop func(), err error)
	// AllowDrop lets Plan drop tables and columns. Without it such a plan is a *DropError.
	AllowDrop bool
	// Verify proves the down files too: down must give back the state before, and up the model again. Leave it out only where
	// the outcome is not written. That up gives the model is proven always.
	Verify bool
	// Online makes more files of a plan, so that none keeps readers or writers of a table that exists waiting for a time that grows with
	// the table: indexes CONCURRENTLY, constraints NOT VALID at first, required columns by a check and filled in batches.
	Online bool
	// Batch is how an online plan fills rows that are there.
	Batch Batch
	// Sizes are what is known of tables, by name, for the comments of files that touch them; the plan itself does not depend on them.
	Sizes map[string]string
	// IgnoreSchemas are left out of every comparison; the schema of applied versions for one.
	IgnoreSchemas []string
	// Managed are the objects that files of earlier plans made, as [Managed] reads them. Of what the schema folder's SQL does not
	// say, only these are dropped; everything else was made by hand and is kept.
	Managed []string
}

// Batch bounds the transactions in which rows are filled. The zero value is 1,000 rows without a pause.
type Batch struct {
	Rows  int           // at most in one transaction; 0 is 1,000
	Pause time.Duration // between two, in which others have the disks; 0 for none
}

// File is one migration of a plan.
type File struct {
	// Name is what the caller joins to the plan's own name with "_"; "" is the plan's own name as it is.
	Name string
	// Up and Down are the complete texts, directives included but for plinth:parents. Each runs in one transaction, unless it begins with
	// -- atlas:txmode none; an up holds one statement then.
	Up, Down string
}

// Result is a plan that was proven.
type Result struct {
	Files    []File   // in the order in which they run, ups; empty when the directory already makes the model
	Changes  []Change // what the files do, in their order; empty with Files
	Kept     []string // objects of the directory that the schema code cannot say and that stay as they are, sorted
	Reorders []string // a line for each table whose columns stand in another order than in the schema code; never a difference
}

// enumFile names the file that adds enum values before the file that may use them.
const enumFile = "enum_values"

// Plan compares the directory's state with the model and plans the files that lead there and back. It needs two scratch databases,
// has no other effect, and is safe for concurrent use.
//
// Errors: *ReplayError, *ModelError; *DropError and *UnsafeError (joined where there are several), for which the user must decide or
// write something; *MismatchError when the plan was tried and found wrong. Then there is no result.
func Plan(ctx context.Context, in Input) (*Result, error) {
	w, err := prepare(ctx, in)
	if err != nil {
		return nil, err
	}
	defer w.close()
	renamed, err := w.renameFirst(ctx)
	if err != nil {
		return nil, err
	}
	extend, rest, err := w.draft(ctx)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(append(w.refuseMarked(), refusal(in, extend, rest))...); err != nil {
		return nil, err
	}
	r := &Result{Reorders: reorders(w.states[w.base], w.model)}
	if renamed {
		r.Files, r.Changes = append(r.Files, File{}), w.ups[0].changes
	}
	for _, f := range []struct {
		name string
		up   *script
	}{{enumFile, extend}, {"", rest}} {
		if f.up.empty() {
			continue
		}
		if f.name == enumFile && rest.empty() {
			f.name = ""
		}
		if err := w.addFile(ctx, r, f.name, f.up); err != nil { // of an online plan all may come later
			return nil, err
		}
		r.Changes = append(r.Changes, f.up.changes...)
	}
	if w.online != nil {
		if err := w.runOnline(ctx, r); err != nil {
			return nil, err
		}
		if len(r.Files) == 1 {
			r.Files[0].Name = ""
		}
	}
	if err := w.judge(); err != nil {
		return nil, err
	}
	if in.Verify && len(w.ups) > 0 {
		if err := w.proveDowns(ctx); err != nil {
			return nil, err
		}
	}
	if renamed && len(r.Files) > 1 && !w.ups[1].noTx { // proven one by one, written as one
		w.ups = slices.Replace(w.ups, 0, 2, w.ups[0].then(w.ups[1]))
		w.downs = slices.Replace(w.downs, 0, 2, w.downs[1].then(w.downs[0]))
		r.Files = r.Files[1:]
	}
	for i := range r.Files {
		w.ups[i].noteSizes(in.Sizes)
		r.Files[i].Up = w.ups[i].text(w.ups[i].objects...)
		r.Files[i].Down = w.downs[i].text(irreversible(w.ups[i], w.downs[i])...)
	}
	r.Kept = w.kept()
	return r, nil
}

// renameFirst renames what the schema code says was renamed, before anything else is planned.
func (w *work) renameFirst(ctx context.Context) (bool, error) {
	up, back, err := w.rename(ctx)
	if err != nil || up.empty() {
		return false, err
	}
	if err := w.observe(ctx); err != nil {
		return false, err
	}
	w.followRenames(up)
	w.ups, w.downs, w.base = append(w.ups, up), append(w.downs, back), 1
	return true, nil
}

// Check lists what leads from the directory's state to the model, as Plan would plan it with everything allowed; empty means that
// they agree. Nothing is run but the replay and the model. Errors: *ReplayError, *ModelError.
func Check(ctx context.Context, in Input) ([]Change, error) {
	w, err := prepare(ctx, in)
	if err != nil {
		return nil, err
	}
	defer w.close()
	renamed, err := w.renameFirst(ctx)
	if err != nil {
		return nil, err
	}
	now := w.states[w.base]
	w.target = w.targetOf(now)
	extend, grown := extendEnums(now, w.target)
	rest := plan(now.withLabels(grown), w.target, in.Model, show)
	changes := append(extend.changes, rest.changes...)
	if renamed {
		changes = append(w.ups[0].changes, changes...)
	}
	if len(changes) > 0 {
		return changes, nil
	}
	for _, c := range foreign(w.modelSnapshot, w.snapshots[w.base], w.snapshots[w.base]) {
		changes = append(changes, Change{Object: c.Object.String(), Change: "mend"})
	}
	return changes, nil
}

// draft plans the ups in memory: the values that enum types gain, and the rest as if they had them. They share a file
// unless the rest may use such a value, which PostgreSQL forbids in the transaction that adds it.
func (w *work) draft(ctx context.Context) (extend, rest *script, err error) {
	now := w.states[w.base]
	w.target = w.targetOf(now)
	extend, grown := extendEnums(now, w.target)
	rest = plan(now.withLabels(grown), w.target, w.in.Model, goForth)
	if w.in.Online {
		around, err := readSurroundings(ctx, w.db)
		if err != nil {
			return nil, nil, err
		}
		w.online = goOnline(now.withLabels(grown), w.target, w.in.Model, around)
		first := plan(now.withLabels(grown), w.online.goal, w.in.Model, goForth)
		first.changes, first.unsafe, first.drops, first.alike = rest.changes, slices.Concat(rest.unsafe, w.online.unsafe), rest.drops, rest.alike
		rest = first
	}
	if rest.empty() || mayUse(rest, now, grown) {
		return extend, rest, nil
	}
	return &script{}, extend.then(rest), nil
}

// refusal is the error for a plan that must not be tried.
func refusal(in Input, scripts ...*script) error {
	var (
		faults []error
		drops  []string
		alike  []Alike
	)
	for _, s := range scripts {
		alike = append(alike, s.alike...)
		faults = append(faults, s.unsafe...)
		drops = append(drops, s.drops...)
	}
	if len(drops) > 0 && !in.AllowDrop {
		faults = append(faults, &DropError{Objects: drops, Alike: alike})
	}
	return errors.Join(faults...)
}

// work is two databases and what was seen of them.
type work struct {
	in            Input
	db            *sql.DB // the directory's state, on which the plan is tried
	model         *state
	modelSnapshot *catalog.Snapshot
	target        *state
	extensions    []string
	// What db was before the first file and after each.
	states    []*state
	snapshots []*catalog.Snapshot
	online    *online // nil for a plan that is to be compact
	base      int     // of these, the one from which everything but renames is planned
	ups       []*script
	downs     []*script
	drops     []func()
}

func (w *work) close() {
	for _, drop := range w.drops {
		drop()
	}
}
