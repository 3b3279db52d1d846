package dbotel_test

import (
	"context"
	"database/sql"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/plinth-db/plinth/database/dbotel"
	"github.com/plinth-db/plinth/ent"
)

// collect returns each value under the metric's name and its attributes but the pool's name.
func collect(t *testing.T, reader *metric.ManualReader) map[string]float64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			switch data := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range data.DataPoints {
					values[m.Name+labels(t, p.Attributes)] = float64(p.Value)
				}
			case metricdata.Sum[float64]:
				for _, p := range data.DataPoints {
					values[m.Name+labels(t, p.Attributes)] = p.Value
				}
			}
		}
	}
	return values
}

func labels(t *testing.T, set attribute.Set) (text string) {
	t.Helper()
	if name, _ := set.Value("db.client.connection.pool.name"); name.AsString() != "main" {
		t.Errorf("%v: no name of the pool", set)
	}
	for _, kv := range set.ToSlice() {
		if kv.Key != "db.client.connection.pool.name" {
			text += " " + kv.Value.String()
		}
	}
	return text
}

func TestPoolMetricsAreThePools(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.PoolTimeout = 2, 1
	db, _ := traced(t, cfg)
	reader := metric.NewManualReader()
	unregister, err := dbotel.RegisterPoolMetrics(db.Pool, "main", metric.NewMeterProvider(metric.WithReader(reader)))
	if err != nil {
		t.Fatal(err)
	}
	var held []*sql.Conn
	for range 3 {
		if c, err := db.SQL().Conn(t.Context()); err == nil {
			held = append(held, c)
		}
	}
	held[1].Close()
	defer held[0].Close()
	tries := 0
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		if tries++; tries == 1 {
			_, err := tx.ExecContext(ctx, "DO $$ BEGIN RAISE serialization_failure; END $$")
			return err
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	got := collect(t, reader)
	for key, want := range map[string]float64{
		"db.client.connection.count idle":                  1,
		"db.client.connection.count used":                  1,
		"db.client.connection.max":                         2,
		"db.client.connection.pending_requests":            0,
		"db.client.connection.timeouts":                    1,
		"plinth.db.connection.waits":                       1,
		"plinth.db.connection.dials":                       2,
		"plinth.db.connection.replaced age":                0,
		"plinth.db.connection.replaced outdated":           0,
		"plinth.db.connection.replaced dead":               0,
		"plinth.db.transaction.attempts committed":         1,
		"plinth.db.transaction.attempts rolled_back":       1,
		"plinth.db.transaction.attempts unknown":           0,
		"plinth.db.transaction.retries connection_failure": 0,
		"plinth.db.transaction.retries conflict":           1,
		"plinth.db.transaction.retries stale_plan":         0,
		"plinth.db.transaction.settled":                    0,
		"plinth.db.connection.wait_duration":               db.Stats().WaitDuration.Seconds(),
	} {
		if value, ok := got[key]; !ok || value != want {
			t.Errorf("%s = %v (there: %v), want %v", key, value, ok, want)
		}
		delete(got, key)
	}
	if len(got) > 0 {
		t.Errorf("also %v", got)
	}
	for range 2 {
		if err := unregister(); err != nil {
			t.Fatal(err)
		}
	}
	if got := collect(t, reader); len(got) > 0 {
		t.Errorf("after unregister: %v", got)
	}
}
