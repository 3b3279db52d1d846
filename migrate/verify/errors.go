package verify

import (
	"fmt"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// ConflictError says that branches do not commute: a database would depend on which of them it got first.
type ConflictError struct {
	First, Second []string         // the heads in the order that works or was tried first, and in the other one
	Reverting     bool             // it is the way back that is wrong, over the branches of Second
	Changes       []catalog.Change // from what First gives to what Second gives; of a way back from the common ancestor
	Rows          []string         // what else the tables hold after Second
	Err           error            // why Second fails, if it does
}

func (e *ConflictError) Error() string {
	var b strings.Builder
	first, second := strings.Join(e.First, ", then "), strings.Join(e.Second, ", then ")
	switch {
	case e.Reverting && e.Err != nil:
		fmt.Fprintf(&b, "verify: the branches cannot be reverted after %s: %s", second, message(e.Err))
	case e.Reverting:
		fmt.Fprintf(&b, "verify: the downs after %s do not come back to where the branches began: %s", second, describe(e.Changes))
	case e.Err != nil && e.First == nil:
		fmt.Fprintf(&b, "verify: the branches cannot be applied in any order; %s: %s", second, message(e.Err))
	case e.Err != nil:
		fmt.Fprintf(&b, "verify: the branches do not commute: %s works, %s fails: %s", first, second, message(e.Err))
	case len(e.Changes) > 0:
		fmt.Fprintf(&b, "verify: the branches do not commute: %s and %s give different schemas: %s", first, second, describe(e.Changes))
	default:
		fmt.Fprintf(&b, "verify: the branches do not commute: %s and %s leave different rows: %s", first, second, strings.Join(e.Rows, "; "))
	}
	return b.String() + ". Nothing was written. Put one branch behind the other: mend its SQL, name the other's head in its first file's -- plinth:parents, " +
		"and run plinth hash; an applied file must not change"
}

// Unwrap returns the server's refusal, which may be nil.
func (e *ConflictError) Unwrap() error { return e.Err }
