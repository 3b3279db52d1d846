package dbotel

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	api "go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"

	"github.com/plinth-db/plinth/database"
)

// scope names the instrumentation.
const scope = "github.com/plinth-db/plinth/database/dbotel"

// RegisterPoolMetrics observes the pool's figures at each collection, without asking the server. name becomes the attribute
// db.client.connection.pool.name and tells several pools of a process apart. A nil provider means the global one. unregister
// ends it; a second call does nothing.
//
// By the semantic conventions 1.40, database client metrics: db.client.connection.count (by db.client.connection.state, idle or
// used, those being made included), .max, .pending_requests and .timeouts. Their wait_time is a histogram, for which a pool's
// sums do not suffice; in its place, and beyond the conventions:
//
//	plinth.db.connection.waits, plinth.db.connection.wait_duration (s)
//	plinth.db.connection.dials
//	plinth.db.connection.replaced     by reason: age, outdated (the server crashed or was demoted), dead
//	plinth.db.transaction.attempts    by outcome: committed, rolled_back, unknown
//	plinth.db.transaction.retries     by class: connection_failure, conflict, stale_plan
//	plinth.db.transaction.settled     lost answers to COMMIT whose outcome was found out
func RegisterPoolMetrics(pool *database.Pool, name string, provider api.MeterProvider) (unregister func() error, err error) {
	if provider == nil {
		provider = otel.GetMeterProvider()
	}
	meter := provider.Meter(scope, api.WithSchemaURL(semconv.SchemaURL))
	of := semconv.DBClientConnectionPoolName(name)
	waited, err := meter.Float64ObservableCounter("plinth.db.connection.wait_duration",
		api.WithUnit("s"), api.WithDescription("Time that callers waited for a connection, together."))
	faults, instruments := []error{err}, []api.Observable{waited}
	observers := []observe{func(o api.Observer, s database.Stats) {
		o.ObserveFloat64(waited, s.WaitDuration.Seconds(), api.WithAttributes(of))
	}}
	for _, f := range figures {
		instrument, observer, err := f.make(meter, of)
		instruments, observers, faults = append(instruments, instrument), append(observers, observer), append(faults, err)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	registration, err := meter.RegisterCallback(func(_ context.Context, o api.Observer) error {
		s := pool.Stats()
		for _, report := range observers {
			report(o, s)
		}
		return nil
	}, instruments...)
	if err != nil {
		return nil, err
	}
	return registration.Unregister, nil
}

// observe reports one figure of a moment.
type observe func(api.Observer, database.Stats)

// figure is an instrument with one value, or one for each of its variants.
type figure struct {
	name, unit, description string
	counts                  bool // only grows
	variants                []attribute.KeyValue
	values                  func(database.Stats) []int64
}

func (f figure) make(meter api.Meter, of attribute.KeyValue) (instrument api.Int64Observable, observer observe, err error) {
	description, unit := api.WithDescription(f.description), api.WithUnit(f.unit)
	if f.counts {
		instrument, err = meter.Int64ObservableCounter(f.name, description, unit)
	} else {
		instrument, err = meter.Int64ObservableUpDownCounter(f.name, description, unit)
	}
	var sets []api.ObserveOption
	for _, v := range f.variants {
		sets = append(sets, api.WithAttributes(of, v))
	}
	if sets == nil {
		sets = []api.ObserveOption{api.WithAttributes(of)}
	}
	return instrument, func(o api.Observer, s database.Stats) {
		for i, v := range f.values(s) {
			o.ObserveInt64(instrument, v, sets[i])
		}
	}, err
}

func by(key string, values ...string) []attribute.KeyValue {
	var of []attribute.KeyValue
	for _, v := range values {
		of = append(of, attribute.String(key, v))
	}
	return of
}

var figures = []figure{
	{
		"db.client.connection.count", "{connection}", "The number of connections that are currently in state described by the `state` attribute.", false,
		[]attribute.KeyValue{semconv.DBClientConnectionStateIdle, semconv.DBClientConnectionStateUsed},
		func(s database.Stats) []int64 { return []int64{int64(s.Idle), int64(s.InUse)} },
	},
	{
		"db.client.connection.max", "{connection}", "The maximum number of open connections allowed.", false,
		nil, func(s database.Stats) []int64 { return []int64{int64(s.MaxOpen)} },
	},
	{
		"db.client.connection.pending_requests", "{request}", "The number of current pending requests for an open connection.", false,
		nil, func(s database.Stats) []int64 { return []int64{int64(s.Waiting)} },
	},
	{
		"db.client.connection.timeouts", "{timeout}",
		"The number of connection timeouts that have occurred trying to obtain a connection from the pool.", true,
		nil, func(s database.Stats) []int64 { return []int64{s.Timeouts} },
	},
	{
		"plinth.db.connection.waits", "{request}", "Callers that had to wait for a connection.", true,
		nil, func(s database.Stats) []int64 { return []int64{s.WaitCount} },
	},
	{
		"plinth.db.connection.dials", "{connection}", "Connections made.", true,
		nil, func(s database.Stats) []int64 { return []int64{s.Dials} },
	},
	{
		"plinth.db.connection.replaced", "{connection}", "Connections replaced by reason.", true, by("reason", "age", "outdated", "dead"),
		func(s database.Stats) []int64 { return []int64{s.Recycled, s.Outdated, s.PingFailures} },
	},
	{
		"plinth.db.transaction.attempts", "{attempt}", "Attempts of transactions by outcome.", true,
		by("outcome", "committed", "rolled_back", "unknown"),
		func(s database.Stats) []int64 { return []int64{s.Committed, s.RolledBack, s.Unknown} },
	},
	{
		"plinth.db.transaction.retries", "{attempt}", "Attempts of transactions after their first by what the one before failed of.", true,
		by("class", "connection_failure", "conflict", "stale_plan"),
		func(s database.Stats) []int64 { return []int64{s.ConnectionRetries, s.ConflictRetries, s.StaleRetries} },
	},
	{
		"plinth.db.transaction.settled", "{attempt}", "Lost answers to COMMIT whose outcome was found out.", true,
		nil, func(s database.Stats) []int64 { return []int64{s.Settled} },
	},
}
