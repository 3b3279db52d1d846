// Package dbprom shows a pool's figures to Prometheus. It is apart from package database so that a service without
// Prometheus does not link it.
//
//	prometheus.MustRegister(dbprom.NewCollector(db.Pool, "main"))
//
// The metrics, each with the label pool:
//
//	plinth_db_connections{state}               open connections, "idle" or "in_use", those being made included
//	plinth_db_connections_max                  DB_POOL_SIZE + DB_MAX_OVERFLOW
//	plinth_db_waiting_callers                  callers in the queue for a connection
//	plinth_db_waits_total                      callers that had to wait
//	plinth_db_wait_seconds_total               their waiting, together
//	plinth_db_wait_timeouts_total              of them, those that got a PoolTimeoutError
//	plinth_db_dials_total                      connections made
//	plinth_db_connections_replaced_total{reason}
//	                                           "age", "outdated" (the server crashed or was demoted) or "dead"
//	plinth_db_transaction_attempts_total{outcome}
//	                                           by WithTx: "committed", "rolled_back" or "unknown"
//	plinth_db_transaction_retries_total{class} "connection_failure", "conflict" or "stale_plan"
//	plinth_db_commits_settled_total            lost answers to COMMIT whose outcome was found out
//
// An alert on plinth_db_transaction_attempts_total{outcome="unknown"} is worth having: somebody must look each time. When
// plinth_db_waiting_callers stays above zero the pool is too small or transactions stay open.
package dbprom

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plinth-db/plinth/database"
)

// NewCollector returns a collector of the pool's figures; name is the value of the label pool and tells several pools of a
// process apart. Two collectors with one name cannot be in one registry. A scrape takes one look at [database.Pool.Stats]
// and asks the server nothing. A closed pool keeps its last figures; unregister the collector when it is of no more use.
func NewCollector(pool *database.Pool, name string) prometheus.Collector {
	c := &collector{pool: pool}
	for _, m := range metrics {
		c.descs = append(c.descs, prometheus.NewDesc("plinth_db_"+m.name, m.help, m.labels, prometheus.Labels{"pool": name}))
	}
	return c
}

type collector struct {
	pool  *database.Pool
	descs []*prometheus.Desc // of metrics, in their order
}

// Describe implements [prometheus.Collector].
func (c *collector) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range c.descs {
		descs <- d
	}
}

// Collect implements [prometheus.Collector]. Its figures are of one moment.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	s := c.pool.Stats()
	for i, m := range metrics {
		for _, v := range m.values(s) {
			out <- prometheus.MustNewConstMetric(c.descs[i], m.kind, v.value, v.labels...)
		}
	}
}

type metric struct {
	name, help string
	kind       prometheus.ValueType
	labels     []string
	values     func(database.Stats) []value
}

type value struct {
	value  float64
	labels []string
}

func one[N int | int64 | float64](n N) []value { return []value{labelled(n)} }

func labelled[N int | int64 | float64](n N, labels ...string) value {
	return value{float64(n), labels}
}

var metrics = []metric{
	{
		"connections", "Open connections by state; in_use includes those being made.", prometheus.GaugeValue,
		[]string{"state"},
		func(s database.Stats) []value { return []value{labelled(s.Idle, "idle"), labelled(s.InUse, "in_use")} },
	},
	{
		"connections_max", "The limit of open connections.", prometheus.GaugeValue, nil,
		func(s database.Stats) []value { return one(s.MaxOpen) },
	},
	{
		"waiting_callers", "Callers in the queue for a connection.", prometheus.GaugeValue, nil,
		func(s database.Stats) []value { return one(s.Waiting) },
	},
	{
		"waits_total", "Callers that had to wait for a connection.", prometheus.CounterValue, nil,
		func(s database.Stats) []value { return one(s.WaitCount) },
	},
	{
		"wait_seconds_total", "Time that callers waited for a connection, together.", prometheus.CounterValue, nil,
		func(s database.Stats) []value { return one(s.WaitDuration.Seconds()) },
	},
	{
		"wait_timeouts_total", "Callers that waited for a connection in vain.", prometheus.CounterValue, nil,
		func(s database.Stats) []value { return one(s.Timeouts) },
	},
	{
		"dials_total", "Connections made.", prometheus.CounterValue, nil,
		func(s database.Stats) []value { return one(s.Dials) },
	},
	{
		"connections_replaced_total", "Connections replaced by reason: age, outdated (the server crashed or was demoted), dead.",
		prometheus.CounterValue,
		[]string{"reason"},
		func(s database.Stats) []value {
			return []value{labelled(s.Recycled, "age"), labelled(s.Outdated, "outdated"), labelled(s.PingFailures, "dead")}
		},
	},
	{
		"transaction_attempts_total", "Attempts of transactions by outcome.", prometheus.CounterValue,
		[]string{"outcome"},
		func(s database.Stats) []value {
			return []value{labelled(s.Committed, "committed"), labelled(s.RolledBack, "rolled_back"), labelled(s.Unknown, "unknown")}
		},
	},
	{
		"transaction_retries_total", "Attempts of transactions after their first by what the one before failed of.",
		prometheus.CounterValue,
		[]string{"class"},
		func(s database.Stats) []value {
			return []value{
				labelled(s.ConnectionRetries, "connection_failure"), labelled(s.ConflictRetries, "conflict"), labelled(s.StaleRetries, "stale_plan"),
			}
		},
	},
	{
		"commits_settled_total", "Lost answers to COMMIT whose outcome was found out.", prometheus.CounterValue, nil,
		func(s database.Stats) []value { return one(s.Settled) },
	},
}
