package trace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/verify"
)

// Options say what is traced. Only Versions is required.
type Options struct {
	Versions []string // whose up files are measured; the others are only run, and those after the last of these not even that
	Base     string   // a version that the scratch databases have applied, with what it follows; "" or [migrate.Base] for none
	// Filled hands out databases as the scratch does, in which [verify.Fill] has put rows into all tables; nil if there are none, and
	// rows are made then. It saves that time for a base that is kept as a template.
	Filled verify.Scratch
	// OneRun takes the versions for one deployment: what any of them made does not exist for the others. Else only what a file made
	// itself does not.
	OneRun           bool
	StatementTimeout time.Duration // of each statement, unless the file sets another; 0 is [DefaultStatementTimeout]
	TimeZone         string        // of the session; "" is [DefaultTimeZone]
}

const (
	// DefaultStatementTimeout is long for a few rows: what is still running then waits for something that will not come.
	DefaultStatementTimeout = time.Minute
	// DefaultTimeZone is an hour east of Greenwich, all year.
	DefaultTimeZone = "<+01>-01"
)

// Run runs dir in lineage order on a scratch database, and measures the files of o.Versions, in that order. Neither sums nor several heads
// are looked at. Before a measured file runs, the tables get rows.
//
// A statement that fails is no error but part of the result, and so is a file that cannot be run; the files after it are then marked as
// untraced. An error means that nothing can be said: a version has no file, a file that is not measured fails (a
// *migrate.ExecError or *migrate.DirError), or the server does.
//
// Statements that reach beyond the database are run like others: the caller refuses them on a server that is not its own.
func Run(ctx context.Context, scratch verify.Scratch, dir *migrate.Dir, o Options) ([]File, error) {
	plans, err := plan(dir, &o)
	if err != nil || len(plans) == 0 {
		return nil, err
	}
	t := &tracer{options: o, scratch: scratch, plans: plans}
	defer func() { t.close() }()
	first := scratch
	if o.Filled != nil {
		first = o.Filled
	}
	if err := t.open(ctx, first); err != nil {
		return nil, err
	}
	if o.Filled != nil {
		if err := t.prepare(ctx, false); err != nil {
			return nil, err
		}
		t.markFilled()
		t.base = nil
	}
	var files []File
	failed := ""
	for i, p := range plans {
		switch {
		case failed != "" && !p.traced:
		case failed != "":
			files = append(files, File{Version: p.file.Version, Untraced: failed, Statements: make([]Statement, len(p.statements))})
		case !p.traced:
			if err := t.plain(ctx, p); err != nil {
				return nil, err
			}
		default:
			f, err := t.file(ctx, i)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
			if e, _ := f.Failed(); e != nil {
				failed = f.Version
			}
		}
	}
	return files, nil
}

// plan reads what will be run, in order. A version that is not in dir is an error.
func plan(dir *migrate.Dir, o *Options) ([]*script, error) {
	if o.StatementTimeout == 0 {
		o.StatementTimeout = DefaultStatementTimeout
	}
	if o.TimeZone == "" {
		o.TimeZone = DefaultTimeZone
	}
	if o.StatementTimeout < 0 {
		return nil, fmt.Errorf("trace: statement timeout %v: must be positive", o.StatementTimeout)
	}
	traced := map[*migrate.File]bool{}
	for _, v := range o.Versions {
		f := dir.Find(v)
		if f == nil {
			return nil, fmt.Errorf("trace: version %s has no file", v)
		}
		traced[f] = true
	}
	var applied []string
	if o.Base != "" && o.Base != migrate.Base {
		if applied = dir.Ancestors(o.Base); applied == nil {
			return nil, fmt.Errorf("trace: base %s has no file", o.Base)
		}
	}
	var plans []*script
	last := 0
	for _, f := range dir.Ordered() {
		if slices.Contains(applied, f.Version) {
			if traced[f] {
				return nil, fmt.Errorf("trace: version %s is part of the base %s and cannot be traced", f.Version, o.Base)
			}
			continue
		}
		p := read(f)
		p.traced = traced[f]
		plans = append(plans, p)
		if p.traced {
			last = len(plans)
		}
	}
	return plans[:last], nil
}

// tracer moves a scratch database forward, from file to file.
type tracer struct {
	options Options
	scratch verify.Scratch
	plans   []*script
	*session
	base   *catalog           // what exists, for the file that is measured
	rows   map[int64]int64    // of each table in base
	filled map[[2]string]bool // tables that were given rows, by schema and name
	unable map[string]string  // tables that could not be, and why
	notes  []string           // for the next file that is measured
}

// open begins with a new database. The caller closes it.
func (t *tracer) open(ctx context.Context, scratch verify.Scratch) error {
	db, drop, err := scratch(ctx)
	if err != nil {
		return err
	}
	s := &session{db: db, drop: drop, bound: t.options.StatementTimeout, zone: t.options.TimeZone}
	if err := s.connect(ctx); err != nil {
		s.close()
		return fmt.Errorf("trace: %w", err)
	}
	t.session, t.base, t.filled, t.unable = s, nil, map[[2]string]bool{}, map[string]string{}
	return nil
}

// file measures plan number n and leaves it applied, if it can be.
func (t *tracer) file(ctx context.Context, n int) (File, error) {
	p := t.plans[n]
	f := File{Version: p.file.Version, Statements: make([]Statement, len(p.statements)), Err: p.fault}
	if p.fault != nil {
		return f, nil
	}
	if err := t.prepare(ctx, true); err != nil {
		return f, err
	}
	for _, table := range t.emptyTables() {
		note := "no rows could be made for " + table
		if why := t.unable[table]; why != "" {
			note += ": " + why
		}
		f.Notes = append(f.Notes, note)
	}
	statements, err := t.measured(ctx, p)
	if err != nil {
		return f, err
	}
	f.Statements = statements
	f.Notes, t.notes = append(f.Notes, t.notes...), nil
	e, at := f.Failed()
	if e == nil || !t.hasRows() || e.SQLState == "" || e.SQLState == "57014" { // query_canceled: once is enough
		return f, nil
	}
	again, err := t.onEmpty(ctx, n)
	t.notes = nil                                                // said before
	if fault, ok := errors.AsType[*migrate.ExecError](err); ok { // the first time it could: it made what the server has once, such as a role
		f.Notes = append(f.Notes, fmt.Sprintf("was not tried without rows, as %s cannot run twice on one server: %v", fault.File, fault.Err))
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.Statements = merge(f.Statements, again, at)
	return f, nil
}

// onEmpty measures a file once more, on a new database whose tables have no rows but those of the migrations.
func (t *tracer) onEmpty(ctx context.Context, n int) ([]Statement, error) {
	t.close()
	if err := t.open(ctx, t.scratch); err != nil {
		return nil, err
	}
	for _, p := range t.plans[:n] {
		if p.traced {
			if err := t.prepare(ctx, false); err != nil {
				return nil, err
			}
		}
		if err := t.plain(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := t.prepare(ctx, false); err != nil {
		return nil, err
	}
	list, err := t.measured(ctx, t.plans[n])
	for i := range list {
		list[i].Empty = list[i].Ran
	}
	return list, err
}

// merge puts together what was measured on rows, until statement number at failed, and what was on empty tables from there on.
func merge(rows, empty []Statement, at int) []Statement {
	for i := range empty[:at+1] {
		if e := empty[i].Err; e != nil {
			return rows // nor does it work without rows
		}
	}
	list := slices.Clone(empty)
	copy(list, rows[:at])
	list[at].Err = rows[at].Err
	list[at].Err.OnRows = true
	return list
}

// prepare looks at what exists, and makes rows in tables that have got none yet.
func (t *tracer) prepare(ctx context.Context, fill bool) error {
	if err := t.reset(ctx); err != nil {
		return fmt.Errorf("trace: prepare the session: %w", err)
	}
	now, err := t.catalog(ctx)
	if err != nil {
		return fmt.Errorf("trace: read the catalog: %w", err)
	}
	if t.base == nil || !t.options.OneRun {
		t.base = now
	} else {
		t.base.followRelations(now.relations)
		t.base.followObjects(now.objects)
	}
	if fill {
		if err := t.fill(ctx); err != nil {
			return err
		}
	}
	t.rows, err = t.count(ctx, t.base)
	if err != nil {
		return fmt.Errorf("trace: count rows: %w", err)
	}
	return nil
}

func (t *tracer) fill(ctx context.Context) error {
	todo := map[[2]string]bool{}
	for _, r := range t.base.relations {
		if key := [2]string{r.schema, r.name}; r.Kind == kindTable && !t.filled[key] {
			todo[key] = true
		}
	}
	t.markFilled()
	if len(todo) == 0 {
		return nil
	}
	unfilled, err := verify.Fill(ctx, t.conn, func(schema, table string) bool { return todo[[2]string{schema, table}] })
	if err != nil {
		return err
	}
	for _, r := range t.base.relations {
		for _, u := range unfilled {
			if u.Schema == r.schema && u.Name == r.name {
				t.unable[r.Name] = u.Reason
			}
		}
	}
	return nil
}

// markFilled says that what exists needs no more rows.
func (t *tracer) markFilled() {
	for _, r := range t.base.relations {
		t.filled[[2]string{r.schema, r.name}] = true
	}
}

// emptyTables are those that store rows and have none, by name.
func (t *tracer) emptyTables() (list []string) {
	for oid, r := range t.base.relations {
		if r.Kind == kindTable && r.filenode != 0 && t.rows[oid] == 0 {
			list = append(list, r.Name)
		}
	}
	slices.Sort(list)
	return list
}

func (t *tracer) hasRows() bool {
	for _, n := range t.rows {
		if n > 0 {
			return true
		}
	}
	return false
}

// plain runs a file without measuring it.
func (t *tracer) plain(ctx context.Context, p *script) error {
	if p.fault != nil {
		return &migrate.DirError{File: fmt.Sprintf("%s:%d:%d", p.file.UpFile(), p.fault.Line, p.fault.Column), Reason: p.fault.Message}
	}
	at, fault, err := t.run(ctx, p, nil)
	switch {
	case err != nil:
		return err
	case fault == nil:
		return nil
	}
	return &migrate.ExecError{
		Version: p.file.Version, File: p.file.UpFile(), Statement: at + 1, Line: fault.Line, Column: fault.Column,
		SQLState: fault.SQLState, Err: errors.New(fault.Message),
	}
}
