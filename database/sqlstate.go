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

// Class says why a transaction can be run again, and so how.
type Class int

// The classes.
const (
	Permanent         Class = iota // running it again would not help, or could do it twice
	ConnectionFailure              // no connection, or one was lost before COMMIT was sent
	Conflict                       // rolled back because of other transactions
	StalePlan                      // a prepared statement did not fit the tables any more after a migration
)

func (c Class) String() string {
	return [...]string{"permanent", "connection failure", "conflict", "stale plan"}[c]
}

// classify tells whether a transaction that failed with err before its COMMIT was sent, or whose COMMIT the server
// refused, can be run again as a whole. It goes by SQLSTATE and type, never by message text, which changes with
// the server's language. Codes: PostgreSQL 18, src/backend/utils/errcodes.txt; conflicts: manual section 13.5.
func classify(err error) Class {
	switch {
	case is[*StatementUnknownError](err), is[*CommitUnknownError](err):
		return Permanent // running it again could do it twice
	case is[*PoolTimeoutError](err):
		return ConnectionFailure
	}
	e, lost := errors.AsType[*ConnectionError](err)
	switch state := SQLState(err); {
	case state == "40001", state == "40P01": // serialization_failure, deadlock_detected
		return Conflict
	case state == "57P01", state == "57P02", state == "57P03", // admin_shutdown, crash_shutdown, cannot_connect_now
		state == "57P05", state == "25P03", state == "25P04", // idle_session, idle_in_transaction_session and transaction timeout
		state == "53300",               // too_many_connections
		state == "25006" && lost,       // read_only_sql_transaction, of a primary that was demoted
		strings.HasPrefix(state, "08"): // connection_exception and its kind
		return ConnectionFailure
	case state != "":
		return Permanent
	}
	if lost && !e.Permanent() {
		return ConnectionFailure
	}
	if errors.Is(err, driver.ErrBadConn) { // every connection that was tried turned out dead before anything was sent
		return ConnectionFailure
	}
	return Permanent
}
