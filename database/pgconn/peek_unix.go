//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd || solaris

package pgconn

import (
	"errors"
	"net"
	"syscall"
)

// peek says what waits on an idle connection's socket. It consumes nothing, never waits, and no deadline matters
// to it. raw is the socket itself, never the TLS on it.
func peek(raw net.Conn) socketState {
	sc, ok := raw.(syscall.Conn)
	if !ok {
		return socketUnknown
	}
	rc, err := sc.SyscallConn()
	if err != nil {
		return socketUnknown
	}
	state := socketUnknown
	// Control and not Read, which would fail at once after a deadline, and wait behind a reader.
	if err := rc.Control(func(fd uintptr) { state = peekDescriptor(int(fd)) }); err != nil {
		return socketClosed // by us
	}
	return state
}

func peekDescriptor(fd int) socketState {
	var one [1]byte
	for {
		n, _, err := syscall.Recvfrom(fd, one[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EWOULDBLOCK):
			return socketQuiet
		case err != nil, n == 0:
			return socketClosed
		default:
			return socketData
		}
	}
}
