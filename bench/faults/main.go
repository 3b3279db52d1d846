// Command faults runs the plan of the fault suite with other ways to write to PostgreSQL, as their plain users would, and with
// Plinth, and counts what each loses, doubles, reports as failed although it happened, or never comes back from. So it is known
// that the suite finds what it looks for.
//
//	go run ./faults            # in bench/; takes some minutes
//	go run ./faults -v         # with every single wrong
package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"

	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	f := flag.NewFlagSet("faults", flag.ContinueOnError)
	only := f.String("peers", "", "only those whose name contains this")
	verbose := f.Bool("v", false, "every wrong by itself")
	if err := f.Parse(args); err != nil {
		return err
	}
	s, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	fmt.Println(s)
	var all []result
	for _, p := range peers {
		if !strings.Contains(p.name, *only) {
			continue
		}
		start := time.Now()
		report, err := p.run(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %d faults, %v\n", p.name, report.Faults, time.Since(start).Round(time.Second))
		if *verbose {
			fmt.Println(p.name)
			fmt.Println(report)
		}
		all = append(all, result{p.name, report})
	}
	fmt.Print(table(all))
	return nil
}

// The lanes of a peer, and the workers of each; more than the connections that any of the pools keeps idle, so
// that connections begin and end all the time.
const (
	lanes   = 8
	workers = 8
)

// run walks the plan that fits the messages of the peer's own.
func (p peer) run(ctx context.Context, s *pgserver.Server) (*chaos.Report, error) {
	d, err := s.CreateDatabase(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = d.Drop(context.WithoutCancel(ctx)) }()
	direct, err := d.SQL(ctx)
	if err != nil {
		return nil, err
	}
	defer direct.Close()
	if _, err := direct.ExecContext(ctx, chaos.Table); err != nil {
		return nil, err
	}
	r := &chaos.Runner{
		Workers: workers, Rows: 1, Timeout: 10 * time.Second, Short: 400 * time.Millisecond, Grace: grace, Patience: patience,
		Least: 1, Most: 40,
	}
	var pools []func()
	end := func() {
		for _, done := range pools {
			done()
		}
		for _, l := range r.Lanes {
			_ = l.Proxy.Close()
		}
		pools = nil
	}
	defer end()
	for range lanes {
		proxy, via, err := chaos.Through(d.URL(), chaos.Options{})
		if err != nil {
			return nil, err
		}
		r.Lanes = append(r.Lanes, chaos.Lane{Proxy: proxy})
		subject, done, err := p.open(ctx, via)
		if err != nil {
			return nil, err
		}
		pools = append(pools, done)
		r.Lanes[len(r.Lanes)-1].Subject = subject
	}
	plan := chaos.Plan(chaos.Usual(r.Record(ctx, 20), lanes))
	r.Walk(ctx, chaos.Without(plan, func(c chaos.Chain) bool {
		return c.Has(chaos.Refuse) && c[0].At.Verb == chaos.Write && p.transaction // it is no request by itself
	}))
	end()
	return r.Verify(ctx, direct)
}

const (
	// grace is how much longer than its context an operation may take: Plinth's settling of a COMMIT included.
	grace = 5 * time.Second
	// patience is when an operation is given up as hung.
	patience = 6 * time.Second
)

// result is what one peer came to.
type result struct {
	name   string
	report *chaos.Report
}

var harms = []chaos.Harm{chaos.FIN, chaos.RST, chaos.Swallow, chaos.Delay, chaos.Error, chaos.Fatal, chaos.Half, chaos.Refuse}

// table is Markdown: for each peer and harm what went wrong, as lost / doubled / reported as failed although there / hung, and how
// many outcomes are unknown.
func table(all []result) string {
	var b strings.Builder
	b.WriteString("\nIn each cell: lost / doubled / reported as failed though it happened / hung, and in parentheses unknown. A dot is nothing wrong.\n\n| | faults | operations |")
	for _, h := range harms {
		fmt.Fprintf(&b, " %s |", h)
	}
	b.WriteString(" all |\n| --- | ---: | ---: |" + strings.Repeat(" --- |", len(harms)+1) + "\n")
	for _, r := range all {
		fmt.Fprintf(&b, "| %s | %d | %d |", r.name, r.report.Faults, r.report.Operations)
		for _, h := range harms {
			fmt.Fprintf(&b, " %s |", cell(r.report.Harms[h]))
		}
		fmt.Fprintf(&b, " %s |\n", cell(r.report.Tally))
	}
	return b.String()
}

func cell(t chaos.Tally) string {
	var s string
	if t.Wrong()+t.Hung > 0 {
		s = fmt.Sprintf("%d / %d / %d / %d", t.Lost, t.Doubled, t.Phantom, t.Hung)
	}
	if t.Unknown > 0 {
		s += fmt.Sprintf(" (%d)", t.Unknown)
	}
	return cmp.Or(strings.TrimSpace(s), "·")
}

func openSQL(driver, url string) (*sql.DB, error) {
	db, err := sql.Open(driver, url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(15)
	return db, nil
}
