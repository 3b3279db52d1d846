package migrate

import (
	"context"
	"fmt"
	"slices"
)

// Stamp records exactly target and what it follows as applied, and removes every other row; nothing of the files
// runs. target is [Head], [Base] (nothing is applied), a version or a unique prefix of one. It is one transaction.
// What was applied already keeps its row; if its file was edited since, or it is only partly applied, the row takes the
// file's hash and counts as complete.
func (m *Migrator) Stamp(ctx context.Context, target string) (*Status, error) {
	if err := m.dir.Validate(); err != nil {
		return nil, err
	}
	wanted, err := m.stampTargets(target)
	if err != nil {
		return nil, err
	}
	s, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer m.end(ctx, s)
	if m.dryRun {
		return m.statusOf(s.state), nil
	}
	var msg message
	msg.add("BEGIN")
	for _, r := range s.state.applied {
		if !wanted[versionKey(r.Version)] {
			msg.add(m.revisions.remove(r.Version))
		}
	}
	for _, f := range m.dir.graph.order {
		if !wanted[versionKey(f.Version)] {
			continue
		}
		sc, err := parse(f, false)
		if err != nil {
			return nil, err
		}
		text, err := m.stampText(sc, s.state)
		if err != nil {
			return nil, err
		}
		if text != "" {
			msg.add(text)
		}
	}
	msg.add(m.revisions.record("stamp", target))
	msg.add("COMMIT")
	if _, err := s.conn.ExecContext(ctx, msg.text.String()); err != nil {
		if !isServerError(err) {
			return nil, &UncertainError{Version: "the stamp of " + target, Err: err}
		}
		return nil, fmt.Errorf("migrate: stamp: %w", err)
	}
	after, err := m.readState(ctx, s.conn)
	if err != nil {
		return nil, fmt.Errorf("migrate: stamped, but the record could not be read afterwards: %w", err)
	}
	return m.statusOf(after), nil
}

// stampText records one file; "" if that is so already. The row of an edited or partly applied file keeps its place in the
// order applied.
func (m *Migrator) stampText(sc *script, s *state) (string, error) {
	r := s.byKey[versionKey(sc.file.Version)]
	switch {
	case r == nil:
		return m.revisions.insert(sc, typeResolved, len(sc.statements))
	case r.Partial() || slices.Contains(s.changed, r.Version):
		return m.revisions.bless(sc)
	}
	return "", nil
}

// stampTargets returns the versionKeys that are to be recorded.
func (m *Migrator) stampTargets(target string) (map[string]bool, error) {
	switch target {
	case Base:
		return nil, nil
	case Head:
		wanted := map[string]bool{}
		for _, f := range m.dir.files {
			wanted[versionKey(f.Version)] = true
		}
		_, err := m.dir.Head()
		return wanted, err
	}
	version, err := m.dir.resolve(target)
	if err != nil {
		return nil, err
	}
	return m.dir.graph.ancestors(version), nil
}
