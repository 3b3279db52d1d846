//go:build !linux

package pgconn

import "time"

// setUserTimeout has no effect where there is no TCP_USER_TIMEOUT, as libpq documents for tcp_user_timeout.
func setUserTimeout(uintptr, time.Duration) error { return nil }
