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

// backoff returns how long to wait before retry number n (1 is the first): it doubles each time, has 20 % of
// jitter either way, and is capped.
func backoff(c class, n int, retryDelay time.Duration) time.Duration {
	delay, limit := retryDelay, maxRetryDelay
	if c == conflict {
		delay, limit = conflictDelay, maxConflictDelay
	}
	for range n - 1 {
		if delay *= 2; delay >= limit {
			break
		}
	}
	delay = min(delay, limit)
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
	label      string
	maxRetries int
	retryDelay time.Duration
	start      time.Time
	causes     []error
}

// decide says what follows the attempt that has just failed with err: the wait before another one, or, if there is to be
// none, the error for the user.
func (r *retrier) decide(ctx context.Context, c class, err error) (wait time.Duration, failed error) {
	if c == permanent {
		return 0, err
	}
	r.causes = append(r.causes, err)
	switch {
	case r.maxRetries == 0:
		return 0, err
	case len(r.causes) > r.maxRetries:
		return 0, r.stopped(nil)
	}
	wait = backoff(c, len(r.causes), r.retryDelay)
	if reason := fits(ctx, wait); reason != nil {
		return 0, r.stopped(reason)
	}
	return wait, nil
}

// stopped is the error after the last attempt; reason is the context's if it left no time for another, else nil.
func (r *retrier) stopped(reason error) error {
	return &RetryError{Label: r.label, Attempts: r.causes, Elapsed: time.Since(r.start), Stopped: reason}
}
