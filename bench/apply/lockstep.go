package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// baton lets runs that go on at the same time work by turns, a file each: what the machine does to one it does to the other, which
// cannot be said of runs that come after each other, seconds apart.
type baton struct {
	turns []chan struct{}
	done  []bool // guarded by whose turn it is
	took  []time.Duration
	start time.Time
}

func newBaton(runs int) *baton {
	b := &baton{done: make([]bool, runs), took: make([]time.Duration, runs)}
	for range runs {
		b.turns = append(b.turns, make(chan struct{}, 1))
	}
	b.turns[0] <- struct{}{}
	return b
}

// begin waits for the first turn of run i.
func (b *baton) begin(i int) {
	<-b.turns[i]
	b.start = time.Now()
}

// pass gives the turn to the next run and waits for it to come back.
func (b *baton) pass(i int) {
	b.took[i] += time.Since(b.start)
	b.next(i)
	b.begin(i)
}

// end gives the turn away for good.
func (b *baton) end(i int) {
	b.took[i] += time.Since(b.start)
	b.done[i] = true
	b.next(i)
}

func (b *baton) next(i int) {
	for n := 1; n <= len(b.turns); n++ {
		if next := (i + n) % len(b.turns); !b.done[next] {
			b.turns[next] <- struct{}{}
			return
		}
	}
}

// inTurn runs Plinth and goose on a database each, up and down, file by file in turn, and prints the ratios.
func (b *bench) inTurn(ctx context.Context, where string, files int, roundTrip time.Duration, target float64) error {
	d, err := write(b.folder, files)
	if err != nil {
		return err
	}
	var ups, downs [][]float64
	var names []string
	for range b.o.rounds {
		run, err := b.lockstep(ctx, d, roundTrip)
		if err != nil {
			return fmt.Errorf("%s, in turn: %w", where, err)
		}
		names, ups, downs = run.names, append(ups, run.up), append(downs, run.down)
	}
	fmt.Print(turnTable("up", where, files, target, names, ups), turnTable("down", where, files, target, names, downs))
	return nil
}

// turns are the seconds of each run of one round.
type turns struct {
	names    []string
	up, down []float64
}

func (b *bench) lockstep(ctx context.Context, d directories, roundTrip time.Duration) (result turns, err error) {
	var chosen []peer
	for _, p := range peers(d) {
		if p.name == ours || strings.HasPrefix(p.name, "goose") {
			chosen = append(chosen, p)
		}
	}
	urls := make([]string, len(chosen))
	for i := range chosen {
		result.names = append(result.names, chosen[i].name)
		database, err := b.server.CreateDatabase(ctx)
		if err != nil {
			return result, err
		}
		defer func() { _ = database.Drop(context.WithoutCancel(ctx)) }()
		raw, stop, err := through(database.URL(), roundTrip)
		if err != nil {
			return result, err
		}
		defer stop()
		urls[i] = raw
	}
	if result.up, err = byTurns(ctx, chosen, urls, func(p peer) work { return p.up }); err != nil {
		return result, fmt.Errorf("up: %w", err)
	}
	if result.down, err = byTurns(ctx, chosen, urls, func(p peer) work { return p.down }); err != nil {
		return result, fmt.Errorf("down: %w", err)
	}
	return result, nil
}

func byTurns(ctx context.Context, chosen []peer, urls []string, of func(peer) work) ([]float64, error) {
	b := newBaton(len(chosen))
	errs := make(chan error, len(chosen))
	for i, p := range chosen {
		go func() {
			b.begin(i)
			defer b.end(i)
			errs <- of(p)(ctx, urls[i], func() { b.pass(i) })
		}()
	}
	var all error
	for range chosen {
		all = errors.Join(all, <-errs)
	}
	seconds := make([]float64, len(chosen))
	for i, took := range b.took {
		seconds[i] = took.Seconds()
	}
	return seconds, all
}
