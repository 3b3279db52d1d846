package database

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// slots is the pool's core: it lends at most size+overflow connections, keeps at most size of them idle, and serves
// waiters strictly in the order in which they came. A borrower that dies with its connection returns the slot.
type slots struct {
	size     int // connections kept idle at most
	overflow int
	timeout  time.Duration
	recycle  time.Duration

	mu      sync.Mutex // guards what follows; no I/O and no waiting under it
	idle    []*pooled  // most recently used last, and taken first
	inUse   int        // slots lent, whether or not they hold a connection yet
	waiters []*waiter  // oldest first
	closed  bool
	drained chan struct{} // closed when closed and nothing is in use
	nested  int           // callers in the queue that hold a slot of this pool already
	epoch   int           // of connections made from now on; older ones are not used again
	counts  counters
}

// counters only grow; see the Stats fields of the same names.
type counters struct {
	Dials, WaitCount, Timeouts, Recycled, Outdated, PingFailures int64
	WaitDuration                                                 time.Duration
}

// pooled is an open connection with the moment from which it is replaced.
type pooled struct {
	connection
	epoch     int
	expires   time.Time // zero means never
	idleSince time.Time
}

func (p *pooled) expired() bool { return !p.expires.IsZero() && time.Now().After(p.expires) }

type waiter struct {
	// ready gets exactly one value when the slot is granted: an idle connection, or nil for leave to connect. It
	// is closed when the pool closes.
	ready chan *pooled
}

func newSlots(c Config) *slots {
	return &slots{
		size: c.PoolSize, overflow: c.MaxOverflow, timeout: c.PoolTimeout, recycle: c.Recycle,
		drained: make(chan struct{}),
	}
}

func (s *slots) max() int { return s.size + s.overflow }

// acquire takes a slot, with an idle connection if there is one; nil means that the caller is to connect. Every
// acquire that succeeds is followed by one release.
//
// holding says that the caller has a slot already, in a transaction that cannot go on until this call returns. When every
// slot is held by such a caller nobody can ever give one back, and the last of them gets an error instead of waiting.
func (s *slots) acquire(ctx context.Context, holding bool) (*pooled, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, ErrClosed
	}
	if s.inUse < s.max() { // then nobody waits: release hands slots on before it frees them
		s.inUse++
		conn := s.popIdle()
		s.mu.Unlock()
		return conn, nil
	}
	if holding {
		if s.nested+1 >= s.inUse {
			s.mu.Unlock()
			return nil, &TxError{Op: "connection for a statement outside the transaction", Err: errOuterClient}
		}
		s.nested++
		defer func() {
			s.mu.Lock()
			s.nested--
			s.mu.Unlock()
		}()
	}
	w := &waiter{ready: make(chan *pooled, 1)}
	s.waiters = append(s.waiters, w)
	s.counts.WaitCount++
	s.mu.Unlock()
	return s.wait(ctx, w)
}

func (s *slots) wait(ctx context.Context, w *waiter) (*pooled, error) {
	start := time.Now()
	timer := time.NewTimer(s.timeout)
	defer timer.Stop()
	var failure error
	select {
	case conn, ok := <-w.ready:
		return s.granted(start, conn, ok)
	case <-ctx.Done():
		failure = ctx.Err()
	case <-timer.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.leave(w) { // granted, or closed, in the same moment
		conn, ok := <-w.ready
		s.counts.WaitDuration += time.Since(start)
		if !ok {
			return nil, ErrClosed
		}
		return conn, nil
	}
	s.counts.WaitDuration += time.Since(start)
	if failure == nil {
		s.counts.Timeouts++
		failure = &PoolTimeoutError{Timeout: s.timeout, Waited: time.Since(start), Stats: s.stats()}
	}
	return nil, failure
}

func (s *slots) granted(start time.Time, conn *pooled, ok bool) (*pooled, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts.WaitDuration += time.Since(start)
	if !ok {
		return nil, ErrClosed
	}
	return conn, nil
}

// leave takes w out of the queue and reports whether it was still in it. The caller holds the mutex.
func (s *slots) leave(w *waiter) bool {
	for i, other := range s.waiters {
		if other == w {
			s.waiters = append(s.waiters[:i], s.waiters[i+1:]...)
			return true
		}
	}
	return false
}

// release gives a slot back, with the connection if it can be used again, else with nil. It returns a connection
// that the caller must close, or nil.
func (s *slots) release(conn *pooled) (surplus *pooled) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if conn != nil && s.tooOld(conn) {
		surplus, conn = conn, nil
	}
	if len(s.waiters) > 0 {
		w := s.waiters[0]
		s.waiters[0] = nil
		s.waiters = s.waiters[1:]
		if conn != nil {
			conn.idleSince = time.Now()
		}
		w.ready <- conn
		return surplus
	}
	s.inUse--
	if s.closed && s.inUse == 0 {
		close(s.drained)
	}
	if conn == nil {
		return surplus
	}
	if s.closed || len(s.idle) >= s.size {
		return conn
	}
	conn.idleSince = time.Now()
	s.idle = append(s.idle, conn)
	return surplus
}

// popIdle returns the most recently used idle connection, or nil. The caller holds the mutex.
func (s *slots) popIdle() *pooled {
	if len(s.idle) == 0 {
		return nil
	}
	conn := s.idle[len(s.idle)-1]
	s.idle[len(s.idle)-1] = nil
	s.idle = s.idle[:len(s.idle)-1]
	return conn
}

// nextIdle swaps a connection that turned out to be useless for another idle one, keeping the slot.
func (s *slots) nextIdle(useless *pooled) *pooled {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.tooOld(useless) {
		s.counts.PingFailures++
	}
	return s.popIdle()
}

// tooOld tells whether a connection is to be replaced for its age or its epoch, and counts it. The caller holds the mutex.
func (s *slots) tooOld(conn *pooled) bool {
	switch {
	case conn.epoch < s.epoch:
		s.counts.Outdated++
	case conn.expired():
		s.counts.Recycled++
	default:
		return false
	}
	return true
}

func (s *slots) outdated(conn *pooled) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return conn.epoch < s.epoch
}

// newEpoch makes every connection that exists be replaced before its next use: the server has crashed, or is not the
// primary any more.
// of is the epoch of the connection that told; a later one has begun already.
func (s *slots) newEpoch(of int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if of == s.epoch {
		s.epoch++
	}
}

// adopt keeps a connection that was made without a slot, if there is room; else the caller closes it.
func (s *slots) adopt(conn connection) bool {
	p := s.connected(conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.idle) >= s.size || s.inUse+len(s.idle) >= s.max() {
		return false
	}
	p.idleSince = time.Now()
	s.idle = append(s.idle, p)
	return true
}

// connected wraps a connection that has been made.
func (s *slots) connected(conn connection) *pooled {
	s.mu.Lock()
	s.counts.Dials++
	p := &pooled{connection: conn, epoch: s.epoch}
	s.mu.Unlock()
	if s.recycle > 0 {
		p.expires = conn.Born().Add(s.recycle - time.Duration(rand.Float64()*float64(s.recycle)/10))
	}
	return p
}

// close refuses new callers, sends the waiting ones away, and returns the idle connections for the caller to
// close. drained is closed once nothing is in use. A second call returns nothing.
func (s *slots) close() []*pooled {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	for _, w := range s.waiters {
		close(w.ready)
	}
	s.waiters = nil
	if s.inUse == 0 {
		close(s.drained)
	}
	idle := s.idle
	s.idle = nil
	return idle
}

// Stats are the pool's figures at one moment. The counters at the end only grow.
type Stats struct {
	MaxOpen int // Config.PoolSize + Config.MaxOverflow
	Open    int // InUse + Idle
	InUse   int // connections lent, and those being made
	Idle    int
	Waiting int // callers in the queue

	WaitCount    int64         // callers that had to wait
	WaitDuration time.Duration // of all of them together
	Timeouts     int64         // of them, those that got a *PoolTimeoutError
	Dials        int64         // connections made
	Recycled     int64         // connections replaced for their age
	Outdated     int64         // connections replaced because the server crashed or was demoted after they were made
	PingFailures int64         // idle connections found dead before use
	// Attempts of transactions by WithTx, after their first.
	Retries           int64 // of all classes together
	ConnectionRetries int64
	ConflictRetries   int64
	StaleRetries      int64

	// How attempts of transactions by WithTx ended.
	Committed  int64
	RolledBack int64
	Unknown    int64
	Settled    int64 // of them all, those whose answer to COMMIT was lost and whose outcome was found out
}

// stats fills the pool's own figures. The caller holds the mutex.
func (s *slots) stats() Stats {
	return Stats{
		MaxOpen: s.max(), Open: s.inUse + len(s.idle), InUse: s.inUse, Idle: len(s.idle), Waiting: len(s.waiters),
		WaitCount: s.counts.WaitCount, WaitDuration: s.counts.WaitDuration, Timeouts: s.counts.Timeouts,
		Dials: s.counts.Dials, Recycled: s.counts.Recycled, Outdated: s.counts.Outdated, PingFailures: s.counts.PingFailures,
	}
}
