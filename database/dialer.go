package database

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// dialer bounds how the pool connects. So many connections are made at a time and no more; and while the server is away one
// caller at a time finds out, at most every probeInterval, and the others share its answer.
type dialer struct {
	dial   func(context.Context) (connection, error)
	adopt  func(connection) bool
	places chan struct{} // one for each connection being made

	mu      sync.Mutex // guards what follows; nobody waits under it
	away    bool       // the last attempt found no server
	tried   time.Time  // when the last attempt ended, if away
	trial   *trial     // under way, or nil
	arrived chan struct{}
}

// trial is one attempt to reach a server that was away.
type trial struct {
	done chan struct{} // closed when the attempt has ended
	err  error         // read after done
}

const probeInterval = 150 * time.Millisecond

func newDialer(maxOpen int, dial func(context.Context) (connection, error), adopt func(connection) bool) *dialer {
	return &dialer{
		dial: dial, adopt: adopt, places: make(chan struct{}, max(2, maxOpen/3)), arrived: make(chan struct{}),
	}
}

// connect makes a connection.
func (d *dialer) connect(ctx context.Context) (connection, error) {
	for {
		d.mu.Lock()
		if !d.away {
			d.mu.Unlock()
			return d.dialNow(ctx)
		}
		mine := d.trial == nil
		if mine {
			d.trial = &trial{done: make(chan struct{})}
		}
		p, pause := d.trial, time.Until(d.tried.Add(probeInterval))
		d.mu.Unlock()
		if mine {
			return d.reach(ctx, p, pause)
		}
		select {
		case <-p.done:
			if p.err != nil && ctx.Err() == nil && !is[*abandonedError](p.err) {
				return nil, p.err
			}
		case <-ctx.Done():
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// abandonedError marks a trial that ended because its own caller went away, which tells others nothing.
type abandonedError struct{ error }

// reach makes the trial p after a pause.
func (d *dialer) reach(ctx context.Context, p *trial, pause time.Duration) (conn connection, err error) {
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.trial = nil
		p.err = err
		if err != nil && ctx.Err() != nil {
			p.err = &abandonedError{err}
		}
		close(p.done)
	}()
	if err := sleep(ctx, pause); err != nil {
		return nil, err
	}
	return d.dialNow(ctx)
}

func (d *dialer) dialNow(ctx context.Context) (connection, error) {
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := d.dial(ctx)
	d.note(ctx, err)
	return conn, err
}

// note draws the conclusion from an attempt.
func (d *dialer) note(ctx context.Context, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err == nil && d.away:
		d.away = false
		close(d.arrived)
		d.arrived = make(chan struct{})
	case err != nil && ctx.Err() == nil && classify(err) == ConnectionFailure:
		d.away, d.tried = true, time.Now()
	}
}

// wait waits for d, or less if the server turns out to accept connections before that; it finds out itself, after a first
// pause. It returns the context's error if that ends first.
func (d *dialer) wait(ctx context.Context, limit time.Duration) error {
	end := time.Now().Add(limit)
	for {
		step := time.Duration(float64(probeInterval) * (0.7 + 0.6*rand.Float64()))
		if left := time.Until(end); left <= step {
			return sleep(ctx, left)
		}
		d.mu.Lock()
		arrived, busy := d.arrived, d.trial != nil
		d.mu.Unlock()
		timer := time.NewTimer(step)
		select {
		case <-arrived:
			timer.Stop()
			return nil
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
		if !busy && d.reachable(ctx) {
			return nil
		}
	}
}

// reachable tries to connect once, unless somebody else is trying.
func (d *dialer) reachable(ctx context.Context) bool {
	d.mu.Lock()
	if d.trial != nil || time.Since(d.tried) < probeInterval {
		d.mu.Unlock()
		return false
	}
	p := &trial{done: make(chan struct{})}
	d.trial = p
	d.mu.Unlock()
	conn, err := d.reach(ctx, p, 0)
	if err != nil {
		return false
	}
	if !d.adopt(conn) {
		_ = conn.Close()
	}
	return true
}
