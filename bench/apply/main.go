// Command apply measures migration runs, one table and one index in each file, through Plinth and its peers, in one run: in each
// round every peer starts from an empty database, in shuffled order, and the figures are medians over the rounds.
//
//	go run ./apply                                        # in bench/; a throwaway server; some ten minutes
//	go run ./apply -files 100 -far-files 20 -growth 1000  # a minute
//	go run ./apply -far 0 -growth 0 -peers Plinth -cpuprofile cpu.out
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plinth-db/plinth/bench/away"
	"github.com/plinth-db/plinth/internal/pgserver"
)

// options are the flags.
type options struct {
	url         string
	files       int
	far         time.Duration
	farFiles    int
	growth      []int
	rounds      int
	peers       string
	cpuprofile  string
	profileStep string
}

func main() {
	if away.Serve() || serveProcess() {
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
	var growth string
	f := flag.NewFlagSet("apply", flag.ContinueOnError)
	f.StringVar(&o.url, "url", "", "the server, where databases are made and dropped; empty starts one from local binaries")
	f.IntVar(&o.files, "files", 1000, "migrations on loopback; beyond some 5,000 the server has too few locks for one transaction")
	f.DurationVar(&o.far, "far", 5*time.Millisecond, "round trip to the server that is far; 0 for none")
	f.IntVar(&o.farFiles, "far-files", 200, "migrations there, where the peers take their time")
	f.StringVar(&growth, "growth", "1000,10000", "sizes of directories where nothing is to do; 0 for none")
	f.IntVar(&o.rounds, "rounds", 5, "of each")
	f.StringVar(&o.peers, "peers", "", "only those whose name contains this")
	f.StringVar(&o.cpuprofile, "cpuprofile", "", "write Plinth's CPU profile to this file ")
	f.StringVar(&o.profileStep, "profile-step", steps[0], "which step of Plinth's, in this process on loopback, -cpuprofile is about")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	for text := range strings.SplitSeq(growth, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return o, fmt.Errorf("-growth: %q is not a number of files", text)
		}
		if n > 0 {
			o.growth = append(o.growth, n)
		}
	}
	if !slices.Contains(steps, o.profileStep) {
		return o, fmt.Errorf("-profile-step: %q is none of %q", o.profileStep, steps)
	}
	if o.rounds < 1 || o.files < 1 || o.farFiles < 1 || o.far < 0 {
		return o, errors.New("-rounds, -files and -far-files must be positive, and -far not negative")
	}
	return o, nil
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	if o.url == "" {
		o.url = "local://"
	}
	server, err := pgserver.Start(ctx, pgserver.Options{URL: o.url})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	folder, err := os.MkdirTemp("", "plinth-bench-apply")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	b := &bench{o: o, server: server, folder: folder}
	defer b.profile.stop()
	fmt.Println(versions())
	fmt.Printf("%d rounds, medians over the rounds; ratios are medians of the ratio within a round.\n", o.rounds)
	for _, place := range []struct {
		name      string
		files     int
		roundTrip time.Duration
		target    float64
	}{{"loopback", o.files, 0, nearTarget}, {fmt.Sprintf("%v away", o.far), o.farFiles, o.far, farTarget}} {
		if place.name != "loopback" && place.roundTrip == 0 {
			continue
		}
		if err := b.inProcess(ctx, place.name, place.files, place.roundTrip); err != nil {
			return err
		}
		if err := b.inTurn(ctx, place.name, place.files, place.roundTrip, place.target); err != nil {
			return err
		}
	}
	return b.processes(ctx)
}

// versions are what was measured.
func versions() string {
	line := fmt.Sprintf("Client: %s %s/%s, GOMAXPROCS %d;", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/lib/pq", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "github.com/golang-migrate/migrate/v4":
				line += " " + m.Path + " " + m.Version
			}
		}
	}
	return line
}
