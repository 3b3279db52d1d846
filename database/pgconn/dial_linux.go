package pgconn

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// tcpUserTimeout is TCP_USER_TIMEOUT (Linux, include/uapi/linux/tcp.h), which package syscall lacks on amd64.
const tcpUserTimeout = 18

// setUserTimeout rounds up to a millisecond. A kernel without the option is no error, like a system without it.
func setUserTimeout(fd uintptr, d time.Duration) error {
	ms := int((d + time.Millisecond - 1) / time.Millisecond)
	err := syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, ms)
	if err == nil || errors.Is(err, syscall.ENOPROTOOPT) || errors.Is(err, syscall.EOPNOTSUPP) {
		return nil
	}
	return os.NewSyscallError("setsockopt TCP_USER_TIMEOUT", err)
}
