package migrate

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// runTogether runs all files in one transaction: all or none of them happen. Their rows go first, in one statement, and what is known
// only afterwards is noted in another one. The end of the session rolls back what failed.
func (m *Migrator) runTogether(ctx context.Context, s *session, steps []step, result *Run) error {
	if len(steps) == 0 {
		return nil
	}
	begin, err := m.beginTogether(s, steps)
	if err != nil {
		return err
	}
	if _, err := s.conn.ExecContext(ctx, begin); err != nil {
		return fmt.Errorf("migrate: begin: %w", err)
	}
	start := time.Now()
	times := make([]taken, len(steps))
	for i, st := range steps {
		times[i].after = time.Since(start)
		m.event(st.event(EventStart, 0))
		var msg message
		msg.title(st.script)
		msg.add(resets...)
		m.addStatements(&msg, st.script, true)
		if err := send(ctx, s.conn, &msg, st.script); err != nil {
			if !isServerError(err) {
				return fmt.Errorf("migrate: %s: %w; nothing of any file was applied", st.script.path, lostBy(ctx, err))
			}
			return err
		}
		times[i].took = time.Since(start) - times[i].after
	}
	if err := m.commitTogether(ctx, s, steps, times); err != nil {
		return err
	}
	for i, st := range steps {
		result.add(s.state, st, times[i].took)
		m.event(st.event(EventDone, times[i].took))
	}
	return nil
}

// taken is when a file began, counted from the first one, and how long it took.
type taken struct{ after, took time.Duration }

func (m *Migrator) beginTogether(s *session, steps []step) (string, error) {
	var msg message
	msg.cleanUp()
	msg.add("BEGIN")
	if s.pooled() {
		msg.add(takeMessageLock)
	}
	if steps[0].script.down {
		versions := make([]string, len(steps))
		for i, st := range steps {
			versions[i] = st.script.file.Version
		}
		msg.add(m.revisions.remove(versions...))
		return msg.text.String(), nil
	}
	scripts := make([]*script, len(steps))
	for i, st := range steps {
		scripts[i] = st.script
	}
	insert, err := m.revisions.insertComplete(scripts)
	msg.add(insert)
	return msg.text.String(), err
}

func (m *Migrator) commitTogether(ctx context.Context, s *session, steps []step, times []taken) error {
	var msg message
	msg.add(resets...)
	msg.add(m.revisions.recordAll(steps, times))
	msg.add("COMMIT")
	_, err := s.conn.ExecContext(ctx, strings.TrimSpace(msg.text.String()))
	if err != nil && !isServerError(err) {
		err = m.settle(ctx, s, steps[len(steps)-1], err)
	}
	if err != nil {
		return fmt.Errorf("migrate: commit of all files: %w", err)
	}
	return nil
}
