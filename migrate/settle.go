package migrate

import (
	"context"
	"errors"
	"fmt"
)

// uniqueViolation is what inserting a row gives that another run has inserted.
const uniqueViolation = "23505"

// appliedMeanwhile reports whether a run that did not hold the lock has applied the file: a killed client's message, for
// one, which the server carries out to its end.
func (m *Migrator) appliedMeanwhile(ctx context.Context, s *session, st step) bool {
	now, err := m.readState(ctx, s.conn)
	if err != nil || st.script.down || !now.isComplete(st.script.file.Version) {
		return false
	}
	e := st.event(EventSettled, 0)
	e.Detail = "it was applied by another run meanwhile"
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
