package chaos

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Tally are the figures of one kind of harm, or of all.
type Tally struct {
	Operations   int
	Acknowledged int
	Failed       int
	Unknown      int
	UnknownThere int // of the unknown, how many are there
	Lost         int // acknowledged and not there
	Doubled      int // there more than once, whatever was said
	Phantom      int // reported as failed, and there
	Torn         int // only a part of the transaction is there
	Hung         int // did not end by themselves
	Excused      int // of the lost, those that Runner.Excused excuses; they are not among Lost
	Late         int // ended after their context by more than the runner's grace
}

// Wrong counts what may never happen to a transaction.
func (t Tally) Wrong() int { return t.Lost + t.Doubled + t.Phantom + t.Torn }

// Report is what a run came to.
type Report struct {
	Tally
	Harms      map[Harm]Tally // by the last harm of the chain that was armed; "" is none
	Faults     int            // that struck
	Chains     int            // planned
	NotReached []string       // chains that did not strike to their end
	Dials      int
	Wrongs     []string // each wrong with the fault that was armed, for the first hundred
}

const wrongsMost = 100

// compare checks every entry against the table.
func (r *Report) compare(entries []Entry, table map[string]found, excused func(Entry) bool) {
	r.Harms = map[Harm]Tally{}
	known := make(map[string]bool, len(entries))
	for _, e := range entries {
		known[e.Token] = true
		t := tally(e, table[e.Token])
		if t.Lost > 0 && excused != nil && excused(e) {
			t.Lost, t.Excused = 0, 1
		}
		r.Tally = r.plus(t)
		r.Harms[e.Harm] = r.Harms[e.Harm].plus(t)
		if t.Wrong()+t.Hung+t.Late > 0 && len(r.Wrongs) < wrongsMost {
			r.Wrongs = append(r.Wrongs, explain(e, table[e.Token], t))
		}
	}
	for token, f := range table {
		if !known[token] && len(r.Wrongs) < wrongsMost {
			r.Phantom++
			r.Wrongs = append(r.Wrongs, fmt.Sprintf("%s: %d rows that nobody tried to insert", token, f.rows))
		}
	}
}

func tally(e Entry, f found) Tally {
	t := Tally{Operations: 1, Hung: count(e.Hung), Late: count(!e.Hung && e.Late > 0)}
	switch e.Outcome {
	case Acknowledged:
		t.Acknowledged = 1
		t.Lost = count(f.rows == 0 || e.Rows == 0)
	case Failed:
		t.Failed = 1
		t.Phantom = count(f.rows > 0)
	case Unknown:
		t.Unknown, t.UnknownThere = 1, count(f.rows > 0)
	}
	t.Doubled = count(f.rows > f.parts)
	t.Torn = count(f.rows > 0 && f.parts < e.Rows)
	return t
}

func explain(e Entry, f found, t Tally) string {
	var what []string
	for name, n := range map[string]int{"lost": t.Lost, "doubled": t.Doubled, "reported as failed but there": t.Phantom, "torn": t.Torn, "hung": t.Hung, "late": t.Late} {
		if n > 0 {
			what = append(what, name)
		}
	}
	slices.Sort(what)
	s := fmt.Sprintf("%s: %s: %s, %d rows in %d of %d parts; armed: %s", strings.Join(what, ", "), e.Token, e.Outcome, f.rows, f.parts, e.Rows, cmp.Or(e.Faults, "nothing"))
	if e.Late > 0 {
		s += fmt.Sprintf("; %v late", e.Late)
	}
	if e.Said != "" {
		s += "; error: " + e.Said
	}
	return s
}

func (t Tally) plus(o Tally) Tally {
	return Tally{
		t.Operations + o.Operations, t.Acknowledged + o.Acknowledged, t.Failed + o.Failed, t.Unknown + o.Unknown,
		t.UnknownThere + o.UnknownThere, t.Lost + o.Lost, t.Doubled + o.Doubled, t.Phantom + o.Phantom, t.Torn + o.Torn,
		t.Hung + o.Hung, t.Excused + o.Excused, t.Late + o.Late,
	}
}

// Except adds up the tallies of all harms but the ones given.
func (r *Report) Except(harms ...Harm) Tally {
	var sum Tally
	for h, t := range r.Harms {
		if !slices.Contains(harms, h) {
			sum = sum.plus(t)
		}
	}
	return sum
}

func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d operations, %d faults of %d planned chains, %d connections\n", r.Operations, r.Faults, r.Chains, r.Dials)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "harm\toperations\tacknowledged\tfailed\tunknown (there)\tlost\tdoubled\tfailed but there\ttorn\thung\tlate\t")
	for _, h := range slices.Sorted(maps.Keys(r.Harms)) {
		r.Harms[h].row(w, cmp.Or(string(h), "none"))
	}
	r.Tally.row(w, "all")
	_ = w.Flush()
	if r.Excused > 0 {
		fmt.Fprintf(&b, "%d acknowledged by a primary that went with them\n", r.Excused)
	}
	list(&b, "not reached", r.NotReached)
	list(&b, "wrong", r.Wrongs)
	return b.String()
}

func (t Tally) row(w *tabwriter.Writer, name string) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d (%d)\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name, t.Operations, t.Acknowledged, t.Failed,
		t.Unknown, t.UnknownThere, t.Lost, t.Doubled, t.Phantom, t.Torn, t.Hung, t.Late)
}

func list(b *strings.Builder, name string, lines []string) {
	for _, l := range lines {
		fmt.Fprintf(b, "%s: %s\n", name, l)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Verify compares the ledger with the table, through a connection that no fault touches. Every pool and proxy must have been
// closed before. It does not judge: see [Tally.Wrong].
func (r *Runner) Verify(ctx context.Context, db *sql.DB) (*Report, error) {
	if err := alone(ctx, db); err != nil {
		return nil, err
	}
	return r.report(ctx, db)
}

// Interim is Verify between two walks, while the pools stay open, and forgets what it has compared: the ledger and the table are
// empty afterwards. Faults, chains and connections are counted from the start.
func (r *Runner) Interim(ctx context.Context, db *sql.DB) (*Report, error) {
	if err := quiet(ctx, db); err != nil {
		return nil, err
	}
	report, err := r.report(ctx, db)
	if err != nil {
		return nil, err
	}
	r.Ledger.forget()
	_, err = db.ExecContext(ctx, "TRUNCATE tokens")
	return report, err
}

func (r *Runner) report(ctx context.Context, db *sql.DB) (*Report, error) {
	table, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	report := &Report{}
	r.mu.Lock()
	report.Chains, report.NotReached = r.chains, slices.Clone(r.missed)
	r.mu.Unlock()
	for _, lane := range r.Lanes {
		c := lane.Proxy.Counts()
		report.Faults += c.Struck
		report.Dials += c.Dials
	}
	report.compare(r.Ledger.Entries(), table, r.Excused)
	return report, nil
}
