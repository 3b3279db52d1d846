package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/plinth-db/plinth/bench/away"
	"github.com/plinth-db/plinth/internal/pgserver"
)

// bench is one run of this command.
type bench struct {
	o       options
	server  *pgserver.Server
	folder  string
	profile profile
}

// The steps of a peer's turn, in this order.
var steps = []string{"up", "up again, nothing to do", "status", "down"}

// inProcess gives every peer its turns, from an empty database each, and prints the table.
func (b *bench) inProcess(ctx context.Context, where string, files int, roundTrip time.Duration) error {
	d, err := write(b.folder, files)
	if err != nil {
		return err
	}
	var chosen []peer
	for _, p := range peers(d) {
		if strings.Contains(p.name, b.o.peers) {
			chosen = append(chosen, p)
		}
	}
	samples := map[string]map[string][]float64{} // by step and peer; a sample for each round
	for _, step := range steps {
		samples[step] = map[string][]float64{}
	}
	start := time.Now()
	for round := range b.o.rounds {
		for _, i := range rand.Perm(len(chosen)) {
			if err := b.turn(ctx, chosen[i], roundTrip, samples); err != nil {
				return fmt.Errorf("%s, %s: %w", chosen[i].name, where, err)
			}
		}
		fmt.Fprintf(os.Stderr, "%s: round %d of %d, %v\n", where, round+1, b.o.rounds, time.Since(start).Round(time.Second))
	}
	if roundTrip > 0 {
		real, err := b.roundTrip(ctx, roundTrip)
		if err != nil {
			return err
		}
		fmt.Printf("\n\"%s\" is asked of a proxy; the machine's timers made it %v there and back.\n", where, real.Round(10*time.Microsecond))
	}
	fmt.Print(peerTables(where, files, samples))
	return nil
}

// roundTrip is how long the way there and back really is, with the server's answer to an empty query.
func (b *bench) roundTrip(ctx context.Context, asked time.Duration) (time.Duration, error) {
	raw, stop, err := through(b.server.URL(), asked)
	if err != nil {
		return 0, err
	}
	defer stop()
	db, err := sql.Open("postgres", raw)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var times []float64
	for range 20 {
		start := time.Now()
		if _, err := db.ExecContext(ctx, ";"); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start).Seconds())
	}
	return time.Duration(median(times) * float64(time.Second)), nil
}

func (b *bench) turn(ctx context.Context, p peer, roundTrip time.Duration, samples map[string]map[string][]float64) error {
	database, err := b.server.CreateDatabase(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = database.Drop(context.WithoutCancel(ctx)) }()
	raw, stop, err := through(database.URL(), roundTrip)
	if err != nil {
		return err
	}
	defer stop()
	for i, work := range []work{p.up, p.up, p.status, p.down} {
		runtime.GC()
		if p.name == ours && steps[i] == b.o.profileStep {
			if err := b.profile.begin(b.o.cpuprofile); err != nil {
				return err
			}
		}
		start := time.Now()
		err := work(ctx, raw, func() {})
		took := time.Since(start)
		b.profile.pause()
		if err != nil {
			return fmt.Errorf("%s: %w", steps[i], err)
		}
		samples[steps[i]][p.name] = append(samples[steps[i]][p.name], took.Seconds())
	}
	return nil
}

// through is the URL by way of a proxy, or itself for a round trip of 0.
func through(raw string, roundTrip time.Duration) (string, func(), error) {
	if roundTrip == 0 {
		return raw, func() {}, nil
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", nil, errors.New("-url: it cannot be parsed as a URL") // it may hold a password
	}
	address, stop, err := away.Start(u.Host, roundTrip/2)
	u.Host = address
	return u.String(), stop, err
}

// profile is the CPU profile of one step of Plinth, in the first round on loopback: a profile cannot be paused and continued.
type profile struct {
	file *os.File
	done bool
}

func (p *profile) begin(path string) error {
	if path == "" || p.done || p.file != nil {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	p.file = f
	return pprof.StartCPUProfile(f)
}

func (p *profile) pause() {
	if p.file != nil {
		p.stop()
	}
}

func (p *profile) stop() {
	if p.file != nil {
		pprof.StopCPUProfile()
		_ = p.file.Close()
		p.file, p.done = nil, true
	}
}
