package database

import (
	"context"
	"time"
)

// Health is what a probe learns.
type Health struct {
	Latency       time.Duration // of one round trip, the wait for a connection included
	ServerVersion string        // as the server tells it, "17.2"
	Standby       bool          // the server is in recovery and takes no writes
	Pool          Stats
}

// Health asks the server one question, once, without retries; bound it with ctx. The error says why the database
// cannot be used; the pool's figures are filled in either case.
func (p *Pool) Health(ctx context.Context) (Health, error) {
	if err := p.open(); err != nil {
		return Health{Pool: p.Stats()}, err
	}
	var h Health
	start := time.Now()
	err := p.facade.QueryRowContext(ctx, "SELECT current_setting('server_version'), pg_is_in_recovery()").
		Scan(&h.ServerVersion, &h.Standby)
	h.Latency, h.Pool = time.Since(start), p.Stats()
	return h, err
}
