package pgconn

import (
	"database/sql/driver"
	"encoding/json"
	"strconv"
	"strings"
)

// Server is what a connection's server said of itself.
type Server struct {
	Version string // "17.2"
	Standby bool   // in recovery when the connection was made
	// Pooler describes what stands between, such as PgBouncer; empty if the server itself answers.
	Pooler string
	// SettlesCommits reports whether the outcome of a lost COMMIT can be looked up.
	SettlesCommits bool
}

// server is Server with what the connection needs of it.
type server struct {
	host       endpoint
	encryption encryption
	version    string
	standby    bool
	pooler     string
	// oneUnit: between one Sync and the next the pooler may change the server and forgets prepared statements, so each
	// statement has to travel whole.
	oneUnit     bool
	identify    string // the query for a transaction's id, or empty
	incarnation string
	since       string
	system      string
}

// tellsID reports whether a transaction that may write can be asked for its id. A standby has none to give.
func (s *server) tellsID() bool { return s.identify != "" && !s.standby }

func (s *server) shown() Server {
	return Server{Version: s.version, Standby: s.standby, Pooler: s.pooler, SettlesCommits: s.identify != ""}
}

const probeQuery = `SELECT pg_catalog.pg_backend_pid()::text, pg_catalog.pg_is_in_recovery()::text,
pg_catalog.pg_stat_get_bgwriter_stat_reset_time()::text, pg_catalog.clock_timestamp()::text, s.system_identifier::text
FROM pg_catalog.pg_control_system() s`

// probe asks, in one round trip, what the connection must know before it is used.
func (c *Conn) probe() error {
	s := c.server
	s.version, _, _ = strings.Cut(c.wire.parameters["server_version"], " ")
	r, err := c.wire.exchange(appendQuery(nil, probeQuery))
	if err != nil {
		return c.lostBy("connect", err)
	}
	if r.err != nil { // something that speaks the protocol but is not PostgreSQL, or refuses these functions
		if r.err.Fatal() {
			return r.err
		}
		return nil
	}
	if len(r.rows) != 1 || len(r.rows[0]) != 5 {
		return errMalformed
	}
	row := r.rows[0]
	s.standby, s.incarnation, s.since, s.system = row[1] == "true", row[2], row[3], row[4]
	if major, _ := strconv.Atoi(strings.Split(s.version, ".")[0]); major >= 13 { // pg_current_xact_id came with 13
		s.identify = identify
	}
	if row[0] != strconv.FormatUint(uint64(c.wire.pid), 10) {
		if s.identify != "" {
			s.identify = identifyPooled
		}
		return c.probePooler()
	}
	return nil
}

// namesQuery finds the name that this very statement has on the server.
const namesQuery = `SELECT name /* plinth */ FROM pg_catalog.pg_prepared_statements WHERE statement LIKE 'SELECT name /* plinth */%'`

// probePooler finds out whether the pooler keeps prepared statements for its clients. PgBouncer does since 1.21 if
// max_prepared_statements is not 0, and then renames them.
func (c *Conn) probePooler() error {
	s := c.server
	s.pooler = "a connection pooler"
	request := appendBindExecute(appendParse(nil, "plinth_probe", namesQuery), "plinth_probe")
	r, err := c.wire.exchange(appendSync(appendCloseStatement(request, "plinth_probe")))
	if err != nil {
		return c.lostBy("connect", err)
	}
	if r.err != nil {
		return r.err
	}
	for _, row := range r.rows {
		if strings.HasPrefix(row[0], "PGBOUNCER_") {
			s.pooler = "PgBouncer"
			return nil
		}
	}
	s.pooler, s.oneUnit = "a connection pooler without prepared statements", true
	return nil
}

// binaryValue is CheckNamedValue where statements travel in one Sync unit: lib/pq then sends bytes in binary form, which is
// wrong for jsonb.
func (c *Conn) binaryValue(v *driver.NamedValue) error {
	switch raw := v.Value.(type) {
	case json.RawMessage:
		if raw == nil {
			v.Value = nil
		} else {
			v.Value = string(raw)
		}
		return nil
	case *json.RawMessage:
		if raw == nil || *raw == nil {
			v.Value = nil
		} else {
			v.Value = string(*raw)
		}
		return nil
	}
	return c.pq.CheckNamedValue(v)
}
