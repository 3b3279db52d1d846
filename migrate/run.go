package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Direction is up or down.
type Direction string

// The directions.
const (
	DirectionUp   Direction = "up"
	DirectionDown Direction = "down"
)

// Run is what a run did, or with [WithDryRun] would do. When a run fails, its Migrations are what had been done
// before and stays done.
type Run struct {
	From, To   string // the current version before and after; "" for none
	Migrations []Done // in the order run; empty when there was nothing to do
}

// Done is one migration that ran.
type Done struct {
	Version    string
	Name       string
	Direction  Direction
	Statements int           // that ran now
	Duration   time.Duration // 0 in a dry run
}

// Up applies everything that is pending. With nothing to do it returns an empty run and no error. The error is an
// *ExecError when a statement failed, an *UncertainError when the connection was lost for good, or one of *LockError,
// *StateError, *ChecksumError, *HeadsError, *DirError, with which nothing ran.
func (m *Migrator) Up(ctx context.Context) (*Run, error) { return m.UpTo(ctx, Head) }

// UpTo applies what is pending up to target and what it follows: [Head], a version, a unique prefix of one, or +N for
// the next N. A version that is applied already is no error: there is nothing to do. Errors are [Migrator.Up]'s and
// *TargetError.
func (m *Migrator) UpTo(ctx context.Context, target string) (*Run, error) {
	return m.run(ctx, func(s *state) ([]step, error) {
		if s.partial != nil {
			return m.resume(s, target)
		}
		files, err := s.upTargets(target)
		if err != nil {
			return nil, err
		}
		return m.steps(files, false)
	})
}

// Down reverts the migration that was applied last. Errors are [Migrator.DownTo]'s.
func (m *Migrator) Down(ctx context.Context) (*Run, error) { return m.DownTo(ctx, "-1") }

// DownTo reverts, newest first in the order applied: a version or a unique prefix of one reverts everything that it
// does not follow and itself stays; -N reverts the last N; [Base] everything. Errors are [Migrator.Up]'s, *TargetError,
// *DirError for a migration without a down file, and *IrreversibleError; with the last three nothing ran.
func (m *Migrator) DownTo(ctx context.Context, target string) (*Run, error) {
	return m.run(ctx, func(s *state) ([]step, error) {
		if p := s.partial; p != nil && !p.Reverting() {
			return nil, &StateError{
				State: StatePartial, Versions: []string{p.Version},
				Reason: fmt.Sprintf("%s was applied up to statement %d of %d only; run plinth up to finish it before reverting", p.Version, p.Applied, p.Total),
			}
		}
		revisions, err := s.downTargets(target)
		if err != nil {
			return nil, err
		}
		var files []*File
		for _, r := range revisions {
			f := m.dir.Find(r.Version)
			if !f.HasDown {
				return nil, &DirError{File: f.DownFile(), Reason: fmt.Sprintf("is missing, so %s cannot be reverted; nothing was run", f.Version)}
			}
			files = append(files, f)
		}
		if err := m.checkReversible(files); err != nil {
			return nil, err
		}
		steps, err := m.steps(files, true)
		for i, st := range steps {
			if r := s.byKey[versionKey(st.script.file.Version)]; r.Reverting() {
				steps[i].before, st.script.noTx = r, true
			}
		}
		return steps, err
	})
}

func (m *Migrator) checkReversible(files []*File) error {
	if m.allowIrreversible {
		return nil
	}
	e := &IrreversibleError{}
	for _, f := range files {
		if reason, ok := f.Irreversible(); ok {
			e.Versions, e.Reasons = append(e.Versions, f.Version), append(e.Reasons, reason)
		}
	}
	if len(e.Versions) > 0 {
		return e
	}
	return nil
}

// step is one file to run.
type step struct {
	script *script
	from   int // statements that an earlier run has done: 0 but for a file without a transaction
	resume bool
	before *Revision // its row, if an earlier run stopped midway

	number, total int    // of the file among those of the run, from 1
	running       string // the statement that is run by itself; "" where the whole file is one message
}

// steps reads every file before the first one runs, so that a fault in the last stops the run before it starts.
func (m *Migrator) steps(files []*File, down bool) ([]step, error) {
	var steps []step
	for _, f := range files {
		s, err := parse(f, down)
		if err != nil {
			return nil, err
		}
		switch {
		case m.txMode == TxNone:
			s.noTx = !s.ownTx // a file with a BEGIN and a COMMIT of its own means them
		case m.txMode == TxAll && s.noTx:
			return nil, &DirError{File: s.path, Reason: "runs without a transaction (atlas:txmode none), which --tx-mode all does not allow; use --tx-mode file"}
		}
		steps = append(steps, step{script: s})
	}
	return steps, nil
}

// resume plans the rest of the file that stopped midway, and then what target asks for.
func (m *Migrator) resume(s *state, target string) ([]step, error) {
	r := s.partial
	if r.Reverting() {
		return nil, &StateError{
			State: StatePartial, Versions: []string{r.Version},
			Reason: fmt.Sprintf("a revert of %s stopped midway (%s); mend the cause and run plinth down again, or settle it with plinth resolve", r.Version, r.Error),
		}
	}
	first, err := m.resumed(r)
	if err != nil {
		return nil, err
	}
	if m.txMode == TxAll {
		return nil, &StateError{
			State: StatePartial, Versions: []string{r.Version},
			Reason: fmt.Sprintf("%s stopped midway and runs without a transaction; finish it first, without --tx-mode all", r.Version),
		}
	}
	steps := []step{first}
	if target == r.Version {
		return steps, nil
	}
	files, err := s.upTargets(target)
	if err != nil {
		return nil, err
	}
	rest, err := m.steps(files, false)
	return append(steps, rest...), err
}

// resumed is the step that goes on with an up file that stopped midway.
func (m *Migrator) resumed(r *Revision) (step, error) {
	f := m.dir.Find(r.Version)
	sc, err := parse(f, false)
	if err != nil {
		return step{}, err
	}
	sums := statementSums(sc)
	if r.Applied > len(sums) || r.Applied > 0 && (len(r.partialHashes) == 0 || r.partialHashes[len(r.partialHashes)-1] != sums[r.Applied-1]) {
		return step{}, &StateError{
			State: StatePartial, Versions: []string{r.Version},
			Reason: fmt.Sprintf("%s was applied up to statement %d of %d, and those statements were changed since; restore them", f.UpFile(), r.Applied, r.Total),
		}
	}
	sc.noTx = true
	return step{script: sc, from: r.Applied, resume: true, before: r}, nil
}

// run makes the plan under the lock and carries it out.
func (m *Migrator) run(ctx context.Context, plan func(*state) ([]step, error)) (*Run, error) {
	s, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer m.end(ctx, s)
	result := &Run{From: s.state.current()}
	result.To = result.From
	if err := s.state.fit(); err != nil {
		return result, err
	}
	steps, err := plan(s.state)
	if err != nil {
		return result, err
	}
	for i := range steps {
		steps[i].number, steps[i].total = i+1, len(steps)
	}
	if s.pooled() {
		if err := refusePooled(steps); err != nil {
			return result, err
		}
	}
	defer func() { result.To = s.state.current() }()
	if m.dryRun {
		for _, st := range steps {
			result.add(s.state, st, 0)
		}
		return result, nil
	}
	if m.txMode == TxAll {
		return result, m.runTogether(ctx, s, steps, result)
	}
	for _, st := range steps {
		if err := ctx.Err(); err != nil {
			return result, fmt.Errorf("migrate: stopped before %s: %w", st.script.path, err)
		}
		start := time.Now()
		m.event(st.event(EventStart, 0))
		if err := m.runStep(ctx, s, st); err != nil {
			return result, err
		}
		took := time.Since(start)
		result.add(s.state, st, took)
		m.event(st.event(EventDone, took))
	}
	return result, nil
}

func (st step) direction() Direction {
	if st.script.down {
		return DirectionDown
	}
	return DirectionUp
}

func (st step) event(kind EventKind, took time.Duration) Event {
	f := st.script.file
	return Event{Kind: kind, Version: f.Version, Name: f.Name, Direction: st.direction(), Number: st.number, Total: st.total, Duration: took}
}

// add notes a file as run, in the result and in the state.
func (r *Run) add(s *state, st step, took time.Duration) {
	f := st.script.file
	r.Migrations = append(r.Migrations, Done{
		Version: f.Version, Name: f.Name, Direction: st.direction(), Statements: len(st.script.statements) - st.from, Duration: took,
	})
	if st.script.down {
		delete(s.byKey, versionKey(f.Version))
	} else {
		s.byKey[versionKey(f.Version)] = &Revision{Version: f.Version}
	}
}

// runStep runs one file and, if the connection is lost over it, finds out what became of it.
func (m *Migrator) runStep(ctx context.Context, s *session, st step) error {
	if st.script.noTx {
		return m.runLoose(ctx, s, st)
	}
	err := m.insist(ctx, s, st, func() error { return m.runFile(ctx, s, st.script) })
	if err == nil {
		return nil
	}
	if errors.Is(err, errLockLost) {
		return err
	}
	if !isServerError(err) {
		return m.settle(ctx, s, st, err)
	}
	if m.happened(ctx, s, st) {
		return nil
	}
	return err
}
