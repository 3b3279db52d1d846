package pgconn

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// A prepared statement keeps the types that its parameters had when it was prepared. After a migration it fails, in one of
// several ways; then nothing of it was run.

// stalePlan reports an error that only a prepared statement can have: its result would have other columns
// (RevalidateCachedQuery, src/backend/utils/cache/plancache.c), or the server does not know it any more.
func stalePlan(e *pq.Error) bool {
	return e.Code == "0A000" && e.Routine == "RevalidateCachedQuery" || e.Code == "26000"
}

// staleTypes reports an error that a statement prepared against another shape of its tables may have, and others too:
// what analysis reports (class 42), or a value that does not fit the old type of its parameter.
func staleTypes(e *pq.Error) bool {
	state := e.SQLState()
	return strings.HasPrefix(state, "42") && state != "42501" || slices.Contains([]string{"22003", "22P02", "22P03", "08P01"}, state)
}

// mended reports whether the statement that failed was stale and can be sent again now: outside a transaction, or as
// the first statement of one, which is begun anew.
func (c *Conn) mended(s *cachedStatement, failure error) bool {
	e, ok := errors.AsType[*pq.Error](failure)
	if !ok || c.wire.broken() != nil || !c.wire.ready.Load() {
		return false
	}
	plan := stalePlan(e) && (s.prepared != nil || c.wire.failed)
	if !plan && (s.prepared == nil || !s.worked || !staleTypes(e)) {
		return false
	}
	if e.Code == "26000" { // deallocated behind our back, and perhaps all others with it
		c.forget()
	} else {
		c.closeLater(s)
		s.drop()
	}
	t := c.tx
	if t == nil {
		return plan || c.refits(s, e)
	}
	c.noteBegun()
	if t.statements > 0 {
		if s.facts.cacheable {
			t.stale = s
		}
		t.settings.Stale = plan
		return false
	}
	if !c.restart(t) {
		return false
	}
	if plan || c.refits(s, e) {
		return true
	}
	if t.over == nil {
		t.over = ErrCommitRolledBack
	}
	return false
}

// restart begins a transaction anew in which only one statement was tried, and failed.
func (c *Conn) restart(t *transaction) bool {
	if c.wire.state != stateIdle {
		c.wire.watch = false
		if r, err := c.wire.exchange(appendQuery(nil, "ROLLBACK")); err != nil || r.err != nil {
			return false
		}
	}
	begin, err := t.settings.begin(t.opts)
	if err != nil {
		return false
	}
	t.started, t.over = false, nil
	c.arm(begin)
	return true
}

// refits prepares the statement anew and reports whether that changed what it takes, so that the failure was of the old
// one's making.
func (c *Conn) refits(s *cachedStatement, e *pq.Error) bool {
	types := slices.Clone(s.paramTypes)
	if c.prepare(s) != nil {
		return false
	}
	return strings.HasPrefix(e.SQLState(), "42") || !s.took(types)
}

// judgeStale finds out, after a rollback, whether the statement on which the transaction failed had become stale.
func (t *transaction) judgeStale() {
	e, ok := errors.AsType[*pq.Error](t.settings.LastError)
	if !ok || t.stale == nil || t.settings.Stale || t.ctx.Err() != nil {
		return
	}
	c := t.conn
	t.end()
	defer c.guard(context.WithoutCancel(t.ctx))()
	t.settings.Stale = c.refits(t.stale, e)
}
