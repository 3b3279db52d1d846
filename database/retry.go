package database

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	conflictDelay    = 10 * time.Millisecond // first backoff after a serialization failure or deadlock
	maxConflictDelay = time.Second
	maxRetryDelay    = 30 * time.Second
)

// policy says how often and how soon failures of one class are retried.
type policy struct {
	maxRetries int
	first      time.Duration // before the first retry; doubles each time
	limit      time.Duration // of the doubling
	own        bool          // counted apart from the other classes
}

// policies are those of each class; Permanent's is not used.
type policies [StalePlan + 1]policy

// policies returns what the configuration asks for.
func (c *Config) policies() policies {
	return policies{
		ConnectionFailure: {maxRetries: c.MaxRetries, first: c.RetryDelay, limit: maxRetryDelay},
		Conflict:          {maxRetries: c.MaxRetries, first: conflictDelay, limit: maxConflictDelay},
		StalePlan:         {maxRetries: 1, own: true},
	}
}

// backoff returns how long to wait before retry number n (1 is the first), with 20 % of jitter either way.
func (p policy) backoff(n int) time.Duration {
	delay := p.first
	for range n - 1 {
		if delay *= 2; delay >= p.limit {
			break
		}
	}
	delay = min(delay, p.limit)
	return time.Duration(float64(delay) * (0.8 + 0.4*rand.Float64()))
}

// fits returns why there is no time for a wait of d: ctx has ended, or would end before.
func fits(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return context.DeadlineExceeded
	}
	return nil
}

// sleep waits for d, or until ctx ends, and then returns its error.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// retrier counts the attempts of one operation.
type retrier struct {
	label    string
	policies policies
	start    time.Time
	causes   []error
	shared   int                // retries of the classes that are counted together
	own      [StalePlan + 1]int // of the others
}

// decide says what follows the attempt that has just failed with err: the wait before another one, or, if there is to be
// none, the error for the user.
func (r *retrier) decide(ctx context.Context, c Class, err error) (wait time.Duration, failed error) {
	if c == Permanent {
		return 0, err
	}
	p := r.policies[c]
	r.causes = append(r.causes, err)
	n := r.count(c, p)
	switch {
	case p.maxRetries == 0 && len(r.causes) == 1:
		return 0, err
	case n > p.maxRetries:
		return 0, r.stopped(nil)
	}
	wait = p.backoff(n)
	if reason := fits(ctx, wait); reason != nil {
		return 0, r.stopped(reason)
	}
	return wait, nil
}

func (r *retrier) count(c Class, p policy) int {
	if !p.own {
		r.shared++
		return r.shared
	}
	r.own[c]++
	return r.own[c]
}

// stopped is the error after the last attempt; reason is the context's if it left no time for another, else nil.
func (r *retrier) stopped(reason error) error {
	return &RetryError{Label: r.label, Attempts: r.causes, Elapsed: time.Since(r.start), Stopped: reason}
}
