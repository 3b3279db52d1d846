package chaos_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/chaos"
)

// plain is database/sql as it is, with the usual retry of driver.ErrBadConn, which makes doubles.
type plain struct {
	db      *sql.DB
	retries int
}

func (p *plain) Insert(ctx context.Context, token string) error {
	err := insert(ctx, p.db, token)
	for n := 0; n < p.retries && errors.Is(err, driver.ErrBadConn); n++ {
		err = insert(ctx, p.db, token)
	}
	return err
}

func (p *plain) Unknown(error) bool { return false }

func newRunner(b *bench, s chaos.Subject) *chaos.Runner {
	return &chaos.Runner{
		Lanes: []chaos.Lane{{Proxy: b.proxy, Subject: s}}, Workers: 2, Rows: 1,
		Timeout: bounded, Short: 300 * time.Millisecond, Grace: time.Second, Patience: time.Second, Least: 1, Most: 20,
	}
}

func verify(t *testing.T, b *bench, r *chaos.Runner) *chaos.Report {
	t.Helper()
	must(t, b.through.Close())
	must(t, b.proxy.Close())
	report, err := r.Verify(t.Context(), b.direct)
	must(t, err)
	t.Log(report)
	return report
}

// TestSuiteBites: the retry that many programs have, on lib/pq, doubles and reports what happened as failed.
func TestSuiteBites(t *testing.T) {
	b := newBench(t, chaos.Options{})
	r := newRunner(b, &plain{b.through, 3})
	r.Walk(t.Context(), []chaos.Chain{
		{{At: commit, When: chaos.Before, Harm: chaos.FIN}}, // rightly retried
		{{At: commit, When: chaos.After, Harm: chaos.FIN}},  // doubled
		{{At: commit, When: chaos.After, Harm: chaos.RST}},  // reported as failed
		{{At: commit, When: chaos.After, Harm: chaos.Swallow}},
	})
	report := verify(t, b, r)
	if report.Faults != 4 || report.Doubled != 1 || report.Phantom != 2 || report.Lost != 0 || report.Hung != 1 || report.NotReached != nil {
		t.Fatal("not as expected")
	}
	if h := report.Harms[chaos.FIN]; h.Doubled != 1 || h.Failed != 0 {
		t.Fatalf("FIN: %+v", h)
	}
}

// liar tells what did not happen.
type liar struct {
	db  *sql.DB
	lie func(ctx context.Context, db *sql.DB, token string) error
	n   atomic.Int64
}

var errUnknown = errors.New("unknown")

func (l *liar) Insert(ctx context.Context, token string) error {
	if l.n.Add(1) == 3 {
		return l.lie(ctx, l.db, token)
	}
	_, err := l.db.ExecContext(ctx, "INSERT INTO tokens VALUES ($1, 1), ($1, 2)", token)
	return err
}

func (l *liar) Unknown(err error) bool { return errors.Is(err, errUnknown) }

func TestReportFindsEveryWrong(t *testing.T) {
	rows := func(values string, err error) func(context.Context, *sql.DB, string) error {
		return func(ctx context.Context, db *sql.DB, token string) error {
			if _, e := db.ExecContext(ctx, "INSERT INTO tokens SELECT $1, n FROM unnest($2::int[]) n", token, values); e != nil {
				return e
			}
			return err
		}
	}
	for name, c := range map[string]struct {
		lie  func(context.Context, *sql.DB, string) error
		want chaos.Tally
	}{
		"honest":        {rows("{1,2}", nil), chaos.Tally{Acknowledged: 8}},
		"lost":          {rows("{}", nil), chaos.Tally{Acknowledged: 8, Lost: 1}},
		"doubled":       {rows("{1,2,1,2}", nil), chaos.Tally{Acknowledged: 8, Doubled: 1}},
		"torn":          {rows("{2}", nil), chaos.Tally{Acknowledged: 8, Torn: 1}},
		"half doubled":  {rows("{1,1}", nil), chaos.Tally{Acknowledged: 8, Torn: 1, Doubled: 1}},
		"phantom":       {rows("{1,2}", errors.New("no")), chaos.Tally{Acknowledged: 7, Failed: 1, Phantom: 1}},
		"failed":        {rows("{}", errors.New("no")), chaos.Tally{Acknowledged: 7, Failed: 1}},
		"unknown there": {rows("{1,2}", errUnknown), chaos.Tally{Acknowledged: 7, Unknown: 1, UnknownThere: 1}},
		"unknown gone":  {rows("{}", errUnknown), chaos.Tally{Acknowledged: 7, Unknown: 1}},
		"unknown twice": {rows("{1,2,1,2}", errUnknown), chaos.Tally{Acknowledged: 7, Unknown: 1, UnknownThere: 1, Doubled: 1}},
	} {
		b := newBench(t, chaos.Options{})
		r := newRunner(b, &liar{db: b.through, lie: c.lie})
		r.Rows = 2
		r.Record(t.Context(), 4)
		c.want.Operations = 8
		if report := verify(t, b, r); report.Tally != c.want {
			t.Errorf("%s: %+v, want %+v", name, report.Tally, c.want)
		}
	}
}

// A row that nobody tried to insert would be a fault of the suite itself.
func TestReportFindsWhatNobodyInserted(t *testing.T) {
	b := newBench(t, chaos.Options{})
	r := newRunner(b, &plain{db: b.through})
	_, err := b.direct.ExecContext(t.Context(), chaos.Insert, "stranger", 1)
	must(t, err)
	if report := verify(t, b, r); report.Phantom != 1 {
		t.Fatalf("%+v", report.Tally)
	}
}

func TestFaultThatIsNotReachedIsReported(t *testing.T) {
	b := newBench(t, chaos.Options{})
	r := newRunner(b, &plain{db: b.through})
	r.Walk(t.Context(), []chaos.Chain{{{At: chaos.Kind{From: chaos.Client, Name: "CopyData"}, When: chaos.Before, Harm: chaos.FIN}}})
	if report := verify(t, b, r); len(report.NotReached) != 1 || report.Operations != 40 || report.Faults != 0 {
		t.Fatal("not as expected")
	}
}

func TestPlanHoldsEveryKindWithEveryHarmOnce(t *testing.T) {
	kinds := []chaos.Kind{commit, write, {From: chaos.Server, Name: "ReadyForQuery"}}
	plan := chaos.Plan(kinds)
	seen := map[string]bool{}
	for _, c := range plan {
		if seen[c.String()] {
			t.Errorf("%v is there twice", c)
		}
		seen[c.String()] = true
	}
	for _, k := range kinds {
		for _, f := range []string{
			"FIN before %", "FIN after %", "RST before %", "RST after %", "swallow before %", "swallow after %",
			"half before %",
		} {
			if !seen[f[:len(f)-1]+k.String()] {
				t.Errorf("%s%v is missing", f[:len(f)-1], k)
			}
		}
	}
	if len(plan) != 3*13 {
		t.Errorf("%d chains", len(plan))
	}
	again := chaos.Plan([]chaos.Kind{kinds[2], kinds[0], kinds[1]})
	for i := range plan {
		if plan[i].String() != again[i].String() {
			t.Fatal("the order depends on the order of the kinds")
		}
	}
}

func TestRandomPlanIsTheSeeds(t *testing.T) {
	a, b, c := chaos.RandomPlan(1, 20, 30), chaos.RandomPlan(1, 20, 30), chaos.RandomPlan(2, 20, 30)
	same, differs := true, false
	for i := range a {
		same = same && a[i].String() == b[i].String()
		differs = differs || a[i].String() != c[i].String()
	}
	if !same || !differs {
		t.Fatal("the plan is not the seed's")
	}
}
