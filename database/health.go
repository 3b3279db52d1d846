package database

import (
	"context"
	"database/sql"
	"time"
)

// ServerRole is what a server does in its cluster.
type ServerRole string

// The roles.
const (
	Primary ServerRole = "primary" // takes writes
	Standby ServerRole = "standby" // in recovery: takes none
)

// Health is what a probe learns.
type Health struct {
	Latency       time.Duration // of one round trip, the wait for a connection included
	ServerVersion string        // as the server tells it, "17.2"
	Role          ServerRole    // empty if the server did not answer
	Standby       bool          // Role is Standby
	// Timeline counts the promotions in the server's history; 0 means that it does not tell. On a standby it is the one of its
	// last restartpoint, so that it follows a promotion elsewhere by some minutes (checkpoint_timeout).
	Timeline uint32
	Pool     Stats
}

// healthQuery works in either role, for any user: the functions that tell the timeline of what is being written fail
// during recovery, and CASE calls only those of its branch. The first eight digits of a WAL file's name are its timeline
// (manual, section 28.6).
const healthQuery = `SELECT pg_catalog.current_setting('server_version'), s.standby, CASE WHEN s.standby
THEN (SELECT c.timeline_id::bigint FROM pg_catalog.pg_control_checkpoint() c)
ELSE ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8))::bit(32)::bigint END
FROM (SELECT pg_catalog.pg_is_in_recovery() AS standby) s`

// plainHealthQuery is for servers that speak PostgreSQL and have no WAL, or hide it.
const plainHealthQuery = `SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery(), 0`

// Health asks the server one question, once, without retries; bound it with ctx. It borrows one connection for one round trip,
// two where the server does not tell its timeline. The error says why the database cannot be used; the pool's figures are
// filled in either case. For a probe over HTTP see [Pool.HealthHandler].
func (p *Pool) Health(ctx context.Context) (Health, error) {
	if err := p.open(); err != nil {
		return Health{Pool: p.Stats()}, err
	}
	start := time.Now()
	h, err := askHealth(ctx, p.facade, healthQuery)
	switch SQLState(err) {
	case "42883", "42501", "0A000": // undefined_function, insufficient_privilege, feature_not_supported
		h, err = askHealth(ctx, p.facade, plainHealthQuery)
	}
	h.Latency, h.Pool = time.Since(start), p.Stats()
	return h, err
}

func askHealth(ctx context.Context, db *sql.DB, query string) (Health, error) {
	var h Health
	if err := db.QueryRowContext(ctx, query).Scan(&h.ServerVersion, &h.Standby, &h.Timeline); err != nil {
		return Health{}, err
	}
	h.Role = Primary
	if h.Standby {
		h.Role = Standby
	}
	return h, nil
}
