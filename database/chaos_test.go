package database_test

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

// TestChaosLogin hurts every message of a connection's beginning, with a password.
func TestChaosLogin(t *testing.T) {
	url := pgtest.TestDatabase(t).URL()
	r := newChaos(t, url, 0, 1, nil)
	r.socket = ""
	for range chaosLanes {
		r.addLane(t, url, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	}
	r.Walk(t.Context(), chaos.Without(r.plan(t, mustLogin...), func(c chaos.Chain) bool { return !c[0].At.StartUp() }))
	r.verify(t)
	r.noneUnknown(t)
	r.noneFailed(t)
}

// TestChaosTransactions hurts every message of a transaction of two inserts in every way. With the server up nothing is unknown.
func TestChaosTransactions(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 2, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 2} })
	plan := r.transactionPlan(t)
	before := r.usage(t)
	rounds := 1
	if full {
		rounds = 2
	}
	for range rounds {
		r.Walk(t.Context(), plan)
	}
	if full {
		seed := uint64(time.Now().UnixNano())
		t.Logf("random plan of seed %d", seed)
		r.Walk(t.Context(), chaos.RandomPlan(seed, 200, 60))
	}
	before.compare(t, r)
	report := r.verify(t)
	r.noneUnknown(t)
	r.noneFailed(t)
	if full && (report.Operations < 20_000 || report.Faults < 500) {
		t.Errorf("only %d transactions and %d faults", report.Operations, report.Faults)
	}
}

func (r *chaosRun) transactionPlan(t *testing.T) []chaos.Chain {
	t.Helper()
	return chaos.Without(r.plan(t, mustTransaction...), func(c chaos.Chain) bool {
		return c[0].At.StartUp() || // see TestChaosLogin
			c.Has(chaos.Refuse) && c[0].At.Verb != chaos.Begin // only a whole request can be refused
	})
}

// noneUnknown: with the server up every outcome is found out.
func (r *chaosRun) noneUnknown(t *testing.T) {
	t.Helper()
	for _, e := range r.Ledger.Entries() {
		if e.Outcome == chaos.Unknown {
			t.Errorf("%s was not found out; armed: %s; error: %s", e.Token, e.Faults, e.Said)
		}
	}
}

// noneFailed: what was not undone on purpose was retried and came through, unless the network was silent until its context ended.
func (r *chaosRun) noneFailed(t *testing.T) {
	t.Helper()
	for _, e := range r.Ledger.Entries() {
		if e.Outcome == chaos.Failed && e.Rows > 0 && e.Harm != chaos.Swallow {
			t.Errorf("%s failed; armed: %s; error: %s", e.Token, e.Faults, e.Said)
		}
	}
}

// TestChaosSettling hurts the settling of an outcome as well. A question that is lost is asked again.
func TestChaosSettling(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 1, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	r.Walk(t.Context(), chaos.SettlePlan())
	r.Walk(t.Context(), chaos.StallPlan())
	r.verify(t)
	r.noneUnknown(t)
}

// TestChaosPings hurts the question whether a connection that lay idle still lives. Nobody who wanted a connection fails for it.
func TestChaosPings(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 1, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	r.Rest = 1100 * time.Millisecond // a pool asks after a second
	r.Record(t.Context(), 1)
	r.Walk(t.Context(), chaos.Plan([]chaos.Kind{
		{From: chaos.Client, Name: "Query", Verb: chaos.Ping},
		{From: chaos.Server, Name: "EmptyQueryResponse", Verb: chaos.Ping},
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Ping},
	}))
	r.verify(t)
	r.noneUnknown(t)
	r.noneFailed(t)
}

// TestChaosAutocommit: a statement by itself is never run twice, and what is not known is said to be unknown.
func TestChaosAutocommit(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 1, func(db *entDB) chaos.Subject { return &chaosAutocommit{db} })
	plan := chaos.Without(r.plan(t, mustStatement...), func(c chaos.Chain) bool { return c[0].At.StartUp() })
	r.Walk(t.Context(), plan)
	report := r.verify(t)
	if report.Unknown == 0 || report.UnknownThere == 0 || report.UnknownThere == report.Unknown {
		t.Error("the lost answers should be unknown, some of them there and some not")
	}
}

// TestChaosContention: transactions that read, think and write, serializable, all on one row, while connections are lost around
// their COMMIT. What they counted is what was acknowledged.
func TestChaosContention(t *testing.T) {
	count := func(ctx context.Context, tx *ent.Tx, token string) error {
		var n int
		rows, err := tx.QueryContext(ctx, "SELECT n FROM counter")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&n); err != nil {
				return err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE counter SET n = $1", n+1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, chaos.Insert, token, 1)
		return err
	}
	var retried atomic.Int64
	r := newChaos(t, pgtest.TestDatabase(t).URL(), 2, 1, func(db *entDB) chaos.Subject {
		return &chaosSubject{db: db, rows: 1, tx: count, opts: []database.TxOption{
			database.Isolation(sql.LevelSerializable), database.MaxRetries(1000),
			database.OnAttempt(func(a database.Attempt) {
				if database.SQLState(a.Err) == "40001" {
					retried.Add(1)
				}
			}),
		}}
	})
	if _, err := r.direct.ExecContext(t.Context(), "CREATE TABLE counter (n int NOT NULL); INSERT INTO counter VALUES (0)"); err != nil {
		t.Fatal(err)
	}
	var plan []chaos.Chain
	for _, k := range []chaos.Kind{
		{From: chaos.Client, Name: "Query", Verb: chaos.Commit},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Commit},
		{From: chaos.Client, Name: "Execute", Verb: chaos.Write},
	} {
		plan = append(plan, chaos.Without(chaos.Plan([]chaos.Kind{k}), func(c chaos.Chain) bool { return c.Has(chaos.Swallow) })...)
	}
	r.Walk(t.Context(), plan)
	report := r.verify(t)
	var counted, there int
	if err := r.direct.QueryRow("SELECT n, (SELECT count(*) FROM tokens) FROM counter").Scan(&counted, &there); err != nil {
		t.Fatal(err)
	}
	if counted != there || there != report.Acknowledged || report.Unknown > 0 || retried.Load() == 0 {
		t.Errorf("counted %d, %d tokens, %d acknowledged, %d unknown, %d conflicts", counted, there, report.Acknowledged, report.Unknown, retried.Load())
	}
}

// TestChaosTerminatedBackends: the server is up, so every outcome is found out.
func TestChaosTerminatedBackends(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), 2, 1, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	ended := 0
	err := r.During(t.Context(), "terminated backends", func(ctx context.Context) error {
		for ended < 100 {
			n, err := chaos.Terminate(ctx, r.direct, 4)
			if err != nil {
				return err
			}
			ended += n
			r.proceed(ctx, 30)
		}
		return nil
	}, chaosTimeout)
	if err != nil {
		t.Error(err)
	}
	r.verify(t)
	r.noneUnknown(t)
	t.Logf("%d backends were terminated", ended)
}
