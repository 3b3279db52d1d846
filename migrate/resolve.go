package migrate

import (
	"context"
	"fmt"
)

// Resolution is what a person has found out about a migration that stopped midway.
type Resolution string

// The resolutions. Which statement is in doubt, [Status]'s Partial says.
const (
	ResolveDone     Resolution = "done"     // the statement in doubt has happened: the next run goes on after it
	ResolveAgain    Resolution = "again"    // it has not, or can be run again: the next run begins with it
	ResolveApplied  Resolution = "applied"  // the whole up file counts as applied
	ResolveReverted Resolution = "reverted" // nothing of the migration is left
)

// Resolve settles a migration that stopped midway, of which the catalog cannot tell what has happened. Nothing of its files runs.
// version may be a unique prefix. The error is a *StateError if it is not partly applied or its statements were changed, a
// *TargetError if there is no such version.
func (m *Migrator) Resolve(ctx context.Context, version string, as Resolution) (*Status, error) {
	version, err := m.dir.resolve(version)
	if err != nil {
		return nil, err
	}
	s, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer m.end(ctx, s)
	r := s.state.byKey[versionKey(version)]
	if r == nil || !r.Partial() {
		return nil, &StateError{State: m.statusOf(s.state).State, Versions: []string{version}, Reason: version + " did not stop midway, so there is nothing to resolve"}
	}
	st, err := m.stopped(ctx, s, r)
	if err != nil {
		return nil, err
	}
	text, err := m.resolution(st, as)
	if err != nil {
		return nil, err
	}
	if m.dryRun {
		return m.statusOf(s.state), nil
	}
	text = "BEGIN; " + text + "; " + m.revisions.record("resolve "+string(as), version) + "; COMMIT"
	if _, err := s.conn.ExecContext(ctx, text); err != nil {
		return nil, fmt.Errorf("migrate: resolve %s: %w", version, err)
	}
	after, err := m.readState(ctx, s.conn)
	if err != nil {
		return nil, fmt.Errorf("migrate: resolved, but the record could not be read afterwards: %w", err)
	}
	return m.statusOf(after), nil
}

// stopped is the step at which a run stopped.
func (m *Migrator) stopped(ctx context.Context, s *session, r *Revision) (step, error) {
	if !r.Reverting() {
		return m.resumed(r)
	}
	sc, err := parse(m.dir.Find(r.Version), true)
	if err != nil {
		return step{}, err
	}
	st := step{script: sc, before: r}
	return st, m.revertedSoFar(ctx, s.conn, &st)
}

// resolution is the SQL that makes the row say so.
func (m *Migrator) resolution(st step, as Resolution) (string, error) {
	r, sc, version := m.revisions, st.script, quoteLiteral(st.script.file.Version)
	switch as {
	case ResolveDone:
		if st.from >= len(sc.statements) {
			return m.noteText(sc, len(sc.statements))
		}
		return m.noteText(sc, st.from+1)
	case ResolveAgain:
		state := "NULL"
		if sc.down {
			state = quoteLiteral(revertBegun)
		}
		return fmt.Sprintf("UPDATE %s SET error = %s, error_stmt = NULL WHERE version = %s", r.table(), state, version), nil
	case ResolveApplied:
		up, err := parse(sc.file, false)
		if err != nil {
			return "", err
		}
		return r.bless(up)
	case ResolveReverted:
		return r.remove(sc.file.Version), nil
	}
	return "", fmt.Errorf("migrate: resolve %s %q: write done, again, applied or reverted", sc.file.Version, string(as))
}
