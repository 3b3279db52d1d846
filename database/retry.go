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

// next decides about the attempt that has just failed with err. It returns nil when the caller is to try again,
// having waited; else the error to give to the user. waiting is told about the wait before it begins.
func (r *retrier) next(ctx context.Context, c class, err error, waiting func(time.Duration)) error {
	if c == permanent {
		return err
	}
	r.causes = append(r.causes, err)
	if r.maxRetries == 0 {
		return err
	}
	if len(r.causes) > r.maxRetries {
		return &RetryError{Label: r.label, Attempts: r.causes, Elapsed: time.Since(r.start)}
	}
	delay := backoff(c, len(r.causes), r.retryDelay)
	stopped := fits(ctx, delay)
	if stopped == nil {
		waiting(delay)
		stopped = sleep(ctx, delay)
	}
	if stopped != nil {
		return &RetryError{Label: r.label, Attempts: r.causes, Elapsed: time.Since(r.start), Stopped: stopped}
	}
	return nil
}
