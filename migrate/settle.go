package migrate

import (
	"context"
	"errors"
	"fmt"
)

// happened reports whether the database records of a file that failed that it was run nevertheless: by this run, which was called off
// in the instant after the commit, or by another one that did not hold the lock, such as a killed client's message behind a pooler,
// which the server carries out to its end.
func (m *Migrator) happened(ctx context.Context, s *session, st step) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	now, err := m.readState(ctx, s.conn)
	if err != nil {
		return false
	}
	version := st.script.file.Version
	e := st.event(EventSettled, 0)
	switch {
	case st.script.down && !now.isApplied(version):
		e.Detail = "it is recorded as reverted: it was committed, or another run has reverted it meanwhile"
	case !st.script.down && now.isComplete(version):
		e.Detail = "it is recorded as applied: it was committed, or another run has applied it meanwhile"
	default:
		return false
	}
	m.event(e)
	return true
}

// settle finds out on a new connection whether a file's transaction happened. It waits for the lock, which the lost
// session holds until the server has ended it.
func (m *Migrator) settle(ctx context.Context, s *session, st step, lost error) error {
	f := st.script.file
	if err := m.reopen(ctx, s); err != nil {
		return &UncertainError{Version: f.Version, Err: errors.Join(lost, err)}
	}
	applied := s.state.isApplied(f.Version)
	happened := applied != st.script.down
	detail := "the connection ended, and it was rolled back"
	if happened {
		detail = "the connection ended, and it was committed"
	}
	event := st.event(EventSettled, 0)
	event.Detail = detail
	m.event(event)
	if happened {
		return nil
	}
	return &ExecError{Version: f.Version, File: st.script.path, Err: lostBy(ctx, lost)}
}

// lostBy says whether the connection was lost by itself or because the run was called off.
func lostBy(ctx context.Context, lost error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}
	return fmt.Errorf("connection lost: %w", lost)
}
