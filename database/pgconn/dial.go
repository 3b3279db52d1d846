package pgconn

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// endpoint is one server to dial.
type endpoint struct {
	network, address string // "tcp" and "host:port", or "unix" and "/path/.s.PGSQL.5432"
	host             string // the name that a certificate is checked against; empty when only hostaddr was given
}

// endpoints lists the servers of a configuration in the order in which they are to be tried, which is another one at
// each call with load_balance_hosts=random. There is at least one.
func endpoints(cfg *pq.Config) []endpoint {
	list := []endpoint{newEndpoint(cfg.Host, cfg.Hostaddr, cfg.Port)}
	for _, m := range cfg.Multi {
		list = append(list, newEndpoint(m.Host, m.Hostaddr, m.Port))
	}
	if cfg.LoadBalanceHosts == pq.LoadBalanceHostsRandom {
		rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list
}

// newEndpoint follows lib/pq's Config.network, except that an empty host is localhost, as libpq has it.
func newEndpoint(host string, addr netip.Addr, port uint16) endpoint {
	number := strconv.Itoa(int(port))
	if addr.IsValid() {
		return endpoint{network: "tcp", address: net.JoinHostPort(addr.String(), number), host: host}
	}
	if filepath.IsAbs(host) || strings.HasPrefix(host, "@") { // @ is Linux's abstract name space
		return endpoint{network: "unix", address: filepath.Join(host, ".s.PGSQL."+number), host: host}
	}
	if host == "" {
		host = "localhost"
	}
	return endpoint{network: "tcp", address: net.JoinHostPort(host, number), host: host}
}

// socketOptions are set on TCP sockets. The zero value has neither.
type socketOptions struct {
	userTimeout time.Duration       // how long sent data may stay unacknowledged, Linux only; 0 is the system's default
	keepAlive   net.KeepAliveConfig // a negative field is the system's default, 0 is Go's; not enabled is off
}

// defaultUserTimeout bounds how long the kernel waits on a dead peer by itself; without it a write into a dead
// connection is retried for some 15 minutes (Linux, tcp_retries2).
const defaultUserTimeout = 30 * time.Second

// What Linux accepts (include/net/tcp.h: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT). Go ignores the
// kernel's refusal of more, so it is refused here.
const (
	maxKeepAliveSeconds = 32767
	maxKeepAliveCount   = 127
)

// parseSocketOptions reads keepalives, keepalives_idle, keepalives_interval, keepalives_count and tcp_user_timeout
// with libpq's meaning: keepalives=0 is off, 0 or less elsewhere is the system's default. What get returns as empty
// is not given: that is Go's keepalive (15 s, 15 s, 9 probes) and defaultUserTimeout. Errors quote no value.
func parseSocketOptions(get func(key string) string) (socketOptions, error) {
	o := socketOptions{userTimeout: defaultUserTimeout, keepAlive: net.KeepAliveConfig{Enable: true}}
	var errs []error
	read := func(key string, limit int, set func(n int)) {
		text := strings.TrimSpace(get(key))
		if text == "" {
			return
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || int(n) > limit {
			errs = append(errs, fmt.Errorf("%s must be a whole number of at most %d", key, limit))
			return
		}
		set(int(n))
	}
	const anyInt = 1<<31 - 1
	seconds := func(d *time.Duration) func(int) {
		return func(n int) { *d = orSystem(time.Duration(n) * time.Second) }
	}
	read("keepalives", anyInt, func(n int) { o.keepAlive.Enable = n != 0 })
	read("keepalives_idle", maxKeepAliveSeconds, seconds(&o.keepAlive.Idle))
	read("keepalives_interval", maxKeepAliveSeconds, seconds(&o.keepAlive.Interval))
	read("keepalives_count", maxKeepAliveCount, func(n int) { o.keepAlive.Count = orSystem(n) })
	read("tcp_user_timeout", anyInt, func(n int) { o.userTimeout = max(0, time.Duration(n)*time.Millisecond) })
	if err := errors.Join(errs...); err != nil {
		return socketOptions{}, err
	}
	return o, nil
}

// orSystem turns libpq's "0 or less is the system's default" into net.KeepAliveConfig's "negative is".
func orSystem[N int | time.Duration](n N) N {
	if n <= 0 {
		return -1
	}
	return n
}

// dial connects to e, a name that resolves to several addresses included. It ends when ctx does.
func (o socketOptions) dial(ctx context.Context, e endpoint) (net.Conn, error) {
	d := net.Dialer{KeepAlive: -1, KeepAliveConfig: o.keepAlive} // -1 is off, when the other is not enabled
	if e.network == "tcp" && o.userTimeout > 0 {
		d.Control = func(_, _ string, c syscall.RawConn) error {
			var err error
			return errors.Join(c.Control(func(fd uintptr) { err = setUserTimeout(fd, o.userTimeout) }), err)
		}
	}
	conn, err := d.DialContext(ctx, e.network, e.address)
	if err == nil {
		return conn, nil
	}
	// The socket's own deadline, made of ctx's, can be first; its error does not match context.DeadlineExceeded.
	if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) && !errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("%w (%w)", context.DeadlineExceeded, err)
	}
	return nil, err
}

// bounded runs f, which reads and writes on conn, and makes it fail when ctx ends. f's success stands only if ctx
// has not ended; conn has no deadline then.
func bounded(ctx context.Context, conn net.Conn, f func() error) error {
	cut := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(cut)
		_ = conn.SetDeadline(time.Unix(1, 0))
	})
	err := f()
	if stop() {
		return err
	}
	<-cut
	if err != nil {
		return fmt.Errorf("%w (%w)", ctx.Err(), err)
	}
	return ctx.Err()
}
