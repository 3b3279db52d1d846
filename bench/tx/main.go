// Command tx measures one small transaction, BEGIN, INSERT with two arguments, COMMIT, through Plinth and through its peers,
// in one run: in each round every peer has its turn on every transport, in shuffled order, and the figures are medians over the
// rounds.
//
//	go run ./tx                                  # in bench/; a throwaway server
//	go run ./tx -url postgres://user:pw@host/db  # a given one; a table tags is made there, in a schema that is dropped
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plinth-db/plinth/bench/away"
)

// options are the flags.
type options struct {
	url         string
	workers     []int
	transports  []string
	peers       string
	rounds      int
	turn        time.Duration
	connections int
}

func main() {
	if away.Serve() {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	var workers, transports string
	f := flag.NewFlagSet("tx", flag.ContinueOnError)
	f.StringVar(&o.url, "url", "", "the server; empty starts one from local binaries")
	f.StringVar(&workers, "workers", "1,15,64", "numbers of goroutines")
	f.StringVar(&transports, "transport", "tcp,unix,1ms", "of tcp, unix, and a time there and back such as 1ms")
	f.StringVar(&o.peers, "peers", "", "only those whose name contains this")
	f.IntVar(&o.rounds, "rounds", 7, "turns of each peer")
	f.DurationVar(&o.turn, "duration", 400*time.Millisecond, "of a turn")
	f.IntVar(&o.connections, "connections", 15, "of each pool at most; more workers than that share them")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for w := range strings.SplitSeq(workers, ",") {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-workers: %q is not a number of goroutines", w)
		}
		o.workers = append(o.workers, n)
	}
	o.transports = strings.Split(transports, ",")
	if o.rounds < 1 || o.turn <= 0 || o.connections < 1 {
		return o, errors.New("-rounds, -duration and -connections must be positive")
	}
	return o, nil
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	s, err := startServer(ctx, o.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	var turns []*turn
	for _, transport := range o.transports {
		url, stop, err := s.through(transport)
		if err != nil {
			return err
		}
		defer stop()
		for _, workers := range o.workers {
			for _, p := range peers(s) {
				if strings.Contains(p.name, o.peers) {
					turns = append(turns, &turn{peer: p, transport: transport, workers: workers, connections: min(workers, o.connections), url: url})
				}
			}
		}
	}
	defer func() {
		for _, t := range turns {
			t.close()
		}
	}()
	if err := measure(ctx, s, turns, o); err != nil {
		return err
	}
	fmt.Print(s.settings, "\n", versions(), "\n")
	fmt.Printf("%d rounds of %v for each, pools of %d connections at most, medians over the rounds.\n", o.rounds, o.turn, o.connections)
	fmt.Print(tables(slices.Clone(turns)))
	return nil
}
