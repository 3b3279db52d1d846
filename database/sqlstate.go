package database

import (
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/plinth-db/plinth/database/pgconn"
)

// SQLState returns the five-character SQLSTATE of the server's error in err's chain, and "" when there is none. It
// works for every driver whose errors have a SQLState method (lib/pq, pgx).
func SQLState(err error) string { return pgconn.SQLState(err) }

// The constraint failures of class 23 (PostgreSQL 18, src/backend/utils/errcodes.txt).

// IsNotNullViolation reports whether err is a NULL in a required column (23502).
func IsNotNullViolation(err error) bool { return SQLState(err) == "23502" }

// IsForeignKeyViolation reports whether err is a missing or still referenced row (23503, and 23001 for RESTRICT).
func IsForeignKeyViolation(err error) bool {
	state := SQLState(err)
	return state == "23503" || state == "23001"
}

// IsUniqueViolation reports whether err is a duplicate in a unique index (23505).
func IsUniqueViolation(err error) bool { return SQLState(err) == "23505" }

// IsCheckViolation reports whether err is a failed CHECK (23514).
func IsCheckViolation(err error) bool { return SQLState(err) == "23514" }

// IsExclusionViolation reports whether err is a conflict in an EXCLUDE constraint (23P01).
func IsExclusionViolation(err error) bool { return SQLState(err) == "23P01" }

// class says how an error is retried.
type class int

const (
	permanent  class = iota // retrying would not help, or could do harm
	connection              // no connection, or one was lost before COMMIT was sent: slow backoff
	conflict                // rolled back because of other transactions: fast backoff
)

func (c class) String() string {
	return [...]string{"permanent", "connection", "conflict"}[c]
}

// classify tells whether a transaction that failed with err before its COMMIT was sent, or whose COMMIT the server
// refused, can be run again as a whole. It goes by SQLSTATE and type, never by message text, which changes with
// the server's language. Codes: PostgreSQL 18, src/backend/utils/errcodes.txt; conflicts: manual section 13.5.
func classify(err error) class {
	if _, ok := errors.AsType[*PoolTimeoutError](err); ok {
		return connection
	}
	switch state := SQLState(err); {
	case state == "40001", state == "40P01": // serialization_failure, deadlock_detected
		return conflict
	case state == "57P01", state == "57P02", state == "57P03", // admin_shutdown, crash_shutdown, cannot_connect_now
		state == "53300": // too_many_connections
		return connection
	case strings.HasPrefix(state, "08"): // connection_exception and its kind
		return connection
	case state != "":
		return permanent
	}
	if e, ok := errors.AsType[*ConnectionError](err); ok && !e.Permanent() {
		return connection
	}
	if errors.Is(err, driver.ErrBadConn) { // of a driver.Connector other than pgconn's
		return connection
	}
	return permanent
}
