package catalog

import (
	"errors"
	"fmt"
)

// ReadError says which part of the catalogs could not be read. It unwraps to the driver's error.
type ReadError struct {
	Reading string // the query by its file name without .sql, such as "index"; "transaction", "settings", "server" before the first
	Err     error
}

func (e *ReadError) Error() string {
	return fmt.Sprintf("catalog: read %s: %v%s", e.Reading, e.Err, advice(e.Err))
}

// Unwrap gives the driver's error.
func (e *ReadError) Unwrap() error { return e.Err }

// VersionError is returned for a server that is too old to be read.
type VersionError struct {
	ServerVersion int // server_version_num
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("catalog: the server is PostgreSQL %d, but 15 or later is needed: upgrade the server", e.ServerVersion/10000)
}

// errVanished: the server printed no definition for an object that the transaction sees, because another session dropped it.
var errVanished = errors.New("an object was dropped by another session while it was read")

// SQLSTATEs by PostgreSQL 18, src/backend/utils/errcodes.txt.
const (
	stateNoActiveTransaction   = "25P01"
	stateInsufficientPrivilege = "42501"
	stateInternalError         = "XX000" // "cache lookup failed": how pg_get_*def reports an object dropped meanwhile
	stateUndefinedObject       = "42704"
	stateUndefinedTable        = "42P01"
)

func sqlState(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

func advice(err error) string {
	switch {
	case sqlState(err) == stateNoActiveTransaction:
		return "; pass a *sql.DB, an idle *sql.Conn or a *sql.Tx"
	case sqlState(err) == stateInsufficientPrivilege:
		return "; read as a role that may use the schemas and select from pg_catalog"
	case overtaken(err):
		return "; run it again when no other session changes the schema"
	}
	return ""
}

// overtaken tells errors that come from DDL in other sessions, which a second try does not meet again.
func overtaken(err error) bool {
	if errors.Is(err, errVanished) {
		return true
	}
	switch sqlState(err) {
	case stateInternalError, stateUndefinedObject, stateUndefinedTable:
		return true
	}
	return false
}
