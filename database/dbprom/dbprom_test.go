package dbprom_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/dbprom"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

type entDB = database.DB[*ent.Client, *ent.Tx]

func open(t *testing.T, change func(*database.Config)) *entDB {
	t.Helper()
	cfg := database.DefaultConfig()
	cfg.URL = pgtest.TestDatabase(t).URL()
	cfg.RetryDelay = time.Millisecond
	change(&cfg)
	db, err := database.Open(t.Context(), cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	return db
}

func TestFiguresAreThePools(t *testing.T) {
	db := open(t, func(c *database.Config) { c.PoolSize, c.MaxOverflow, c.PoolTimeout = 2, 0, 10*time.Millisecond })
	one, err := db.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	two, err := db.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.SQL().Conn(t.Context()); err == nil {
		t.Fatal("a third connection of two")
	}
	two.Close()
	tries := 0
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		if tries++; tries == 1 {
			_, err := tx.ExecContext(ctx, "DO $$ BEGIN RAISE serialization_failure; END $$")
			return err
		}
		return nil
	}, database.Isolation(sql.LevelSerializable)); err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	if err := db.WithTx(t.Context(), func(context.Context, *ent.Tx) error { return wrong }); !errors.Is(err, wrong) {
		t.Fatal(err)
	}
	defer one.Close()

	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(dbprom.NewCollector(db.Pool, "main"), dbprom.NewCollector(db.Pool, "again"))
	if problems, err := testutil.GatherAndLint(registry); err != nil || len(problems) > 0 {
		t.Errorf("lint: %v, %v", problems, err)
	}
	const want = `# HELP plinth_db_connections Open connections by state; in_use includes those being made.
# TYPE plinth_db_connections gauge
plinth_db_connections{pool="main",state="idle"} 1
plinth_db_connections{pool="main",state="in_use"} 1
# HELP plinth_db_connections_max The limit of open connections.
# TYPE plinth_db_connections_max gauge
plinth_db_connections_max{pool="main"} 2
# HELP plinth_db_connections_replaced_total Connections replaced by reason: age, outdated (the server crashed or was demoted), dead.
# TYPE plinth_db_connections_replaced_total counter
plinth_db_connections_replaced_total{pool="main",reason="age"} 0
plinth_db_connections_replaced_total{pool="main",reason="dead"} 0
plinth_db_connections_replaced_total{pool="main",reason="outdated"} 0
# HELP plinth_db_commits_settled_total Lost answers to COMMIT whose outcome was found out.
# TYPE plinth_db_commits_settled_total counter
plinth_db_commits_settled_total{pool="main"} 0
# HELP plinth_db_dials_total Connections made.
# TYPE plinth_db_dials_total counter
plinth_db_dials_total{pool="main"} 2
# HELP plinth_db_transaction_attempts_total Attempts of transactions by outcome.
# TYPE plinth_db_transaction_attempts_total counter
plinth_db_transaction_attempts_total{outcome="committed",pool="main"} 1
plinth_db_transaction_attempts_total{outcome="rolled_back",pool="main"} 2
plinth_db_transaction_attempts_total{outcome="unknown",pool="main"} 0
# HELP plinth_db_transaction_retries_total Attempts of transactions after their first by what the one before failed of.
# TYPE plinth_db_transaction_retries_total counter
plinth_db_transaction_retries_total{class="conflict",pool="main"} 1
plinth_db_transaction_retries_total{class="connection_failure",pool="main"} 0
plinth_db_transaction_retries_total{class="stale_plan",pool="main"} 0
# HELP plinth_db_wait_timeouts_total Callers that waited for a connection in vain.
# TYPE plinth_db_wait_timeouts_total counter
plinth_db_wait_timeouts_total{pool="main"} 1
# HELP plinth_db_waiting_callers Callers in the queue for a connection.
# TYPE plinth_db_waiting_callers gauge
plinth_db_waiting_callers{pool="main"} 0
# HELP plinth_db_waits_total Callers that had to wait for a connection.
# TYPE plinth_db_waits_total counter
plinth_db_waits_total{pool="main"} 1
`
	alone := prometheus.NewPedanticRegistry()
	alone.MustRegister(dbprom.NewCollector(db.Pool, "main"))
	families, err := alone.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range families {
		if name := f.GetName(); name != "plinth_db_wait_seconds_total" {
			names = append(names, name)
		} else if waited := f.GetMetric()[0].GetCounter().GetValue(); waited < 0.01 || waited > 10 {
			t.Errorf("waited %v s, want some 10 ms", waited)
		}
	}
	if err := testutil.GatherAndCompare(alone, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	if len(families) != 11 {
		t.Errorf("%d metrics, want the 11 of the package's doc", len(families))
	}
}

func TestOneNameCannotBeUsedTwice(t *testing.T) {
	db := open(t, func(*database.Config) {})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(dbprom.NewCollector(db.Pool, "main"))
	if err := registry.Register(dbprom.NewCollector(db.Pool, "main")); err == nil {
		t.Fatal("two collectors of one name")
	}
}
