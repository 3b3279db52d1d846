package pgserver

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// Error is what every function of this package returns on failure. It names what was attempted; it never holds a password.
type Error struct {
	Op  string // what was attempted, e.g. "start docker://postgres/17"
	Err error
}

func (e *Error) Error() string { return "pgserver: " + e.Op + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Op: op, Err: err}
}

// Attempt is one way to a server that was tried without success.
type Attempt struct {
	URL string // "docker://postgres/17", "local://"
	Err error
}

// NoServerError says that nothing was asked for by name and no automatic choice worked. It comes wrapped in an *Error.
type NoServerError struct {
	Tried []Attempt // in the order of the attempts; never empty
}

func (e *NoServerError) Error() string {
	var b strings.Builder
	b.WriteString("no PostgreSQL server can be started here")
	for _, a := range e.Tried {
		fmt.Fprintf(&b, "\n  %s: %v", a.URL, a.Err)
	}
	b.WriteString("\nstart Docker, or install the server (Debian, Ubuntu: apt-get install postgresql), or set " + EnvURL +
		" to the URL of a server that may be used for scratch databases")
	return b.String()
}

// Unwrap returns every attempt's cause.
func (e *NoServerError) Unwrap() []error {
	errs := make([]error, len(e.Tried))
	for i, a := range e.Tried {
		errs[i] = a.Err
	}
	return errs
}

// SQLSTATEs, PostgreSQL 18, src/backend/utils/errcodes.txt.
const (
	stateInsufficientPrivilege = "42501"
	stateInvalidPassword       = "28P01"
	stateObjectInUse           = "55006"
	stateDuplicateDatabase     = "42P04"
	stateNoDatabase            = "3D000"
	stateUniqueViolation       = "23505"
)

func hasState(err error, state string) bool {
	e, ok := errors.AsType[*pq.Error](err)
	return ok && string(e.Code) == state
}
