//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || solaris)

package pgconn

import "net"

// peek cannot look at a socket on this system without reading from it.
func peek(net.Conn) socketState { return socketUnknown }
