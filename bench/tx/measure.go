package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// warmUp is how many transactions each worker makes before a turn is measured.
const warmUp = 3

// turn is one peer on one transport with so many workers; it has a sample for each round.
type turn struct {
	peer        peer
	transport   string
	workers     int
	connections int
	url         string
	samples     []sample

	transact func(context.Context) error
	done     func()
}

// sample is what one round came to.
type sample struct {
	perSecond float64
	p50, p99  time.Duration
	allocs    float64 // per transaction; 0 if not known
	bytes     float64
}

func newSample(times []time.Duration, elapsed time.Duration) sample {
	slices.Sort(times)
	if len(times) == 0 || elapsed <= 0 {
		return sample{}
	}
	return sample{
		perSecond: float64(len(times)) / elapsed.Seconds(),
		p50:       times[len(times)/2], p99: times[len(times)*99/100],
	}
}

// measure gives every turn its samples.
func measure(ctx context.Context, s *server, turns []*turn, o options) error {
	start := time.Now()
	for round := range o.rounds {
		order := rand.Perm(len(turns))
		for _, i := range order {
			if err := ctx.Err(); err != nil {
				return err
			}
			t := turns[i]
			if err := s.empty(ctx); err != nil {
				return err
			}
			sample, err := t.measure(ctx, o)
			if err != nil {
				return fmt.Errorf("%s, %s, %d workers: %w", t.peer.name, t.transport, t.workers, err)
			}
			t.samples = append(t.samples, sample)
		}
		fmt.Fprintf(os.Stderr, "round %d of %d, %v\n", round+1, o.rounds, time.Since(start).Round(time.Second))
	}
	return nil
}

// measure is one turn. The pool is opened for it and closed afterwards, or the idle connections of all turns together would be
// more than the server takes.
func (t *turn) measure(ctx context.Context, o options) (sample, error) {
	if t.peer.turn != nil {
		return t.peer.turn(ctx, t, o)
	}
	var err error
	if t.transact, t.done, err = t.peer.open(ctx, t.url, t.connections); err != nil {
		return sample{}, err
	}
	defer t.close()
	if _, err := t.work(ctx, func(n int) bool { return n < warmUp }); err != nil {
		return sample{}, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	end := start.Add(o.turn)
	times, err := t.work(ctx, func(int) bool { return time.Now().Before(end) })
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	if err != nil {
		return sample{}, err
	}
	s := newSample(times, elapsed)
	s.allocs = float64(after.Mallocs-before.Mallocs) / float64(len(times))
	s.bytes = float64(after.TotalAlloc-before.TotalAlloc)/float64(len(times)) - bytesOfTimes
	return s, nil
}

// bytesOfTimes is what keeping one latency costs: it is copied once into the result.
const bytesOfTimes = 2 * 8

// work makes transactions in every worker as long as on says, which gets the number of those that the worker has made.
func (t *turn) work(ctx context.Context, on func(n int) bool) ([]time.Duration, error) {
	var workers sync.WaitGroup
	var failed atomic.Pointer[error]
	all := make([][]time.Duration, t.workers)
	for w := range all {
		workers.Go(func() {
			times := make([]time.Duration, 0, 1024)
			for on(len(times)) && failed.Load() == nil {
				start := time.Now()
				if err := t.transact(ctx); err != nil {
					failed.Store(&err)
				}
				times = append(times, time.Since(start))
			}
			all[w] = times
		})
	}
	workers.Wait()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	return slices.Concat(all...), nil
}

func (t *turn) close() {
	if t.done != nil {
		t.done()
		t.done = nil
	}
}
