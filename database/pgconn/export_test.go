package pgconn

import (
	"context"
	"net"
)

// GuardOn returns the guard of a connection over n.
func GuardOn(n net.Conn) func(context.Context) (release func()) {
	return (&Conn{net: n}).guard
}
