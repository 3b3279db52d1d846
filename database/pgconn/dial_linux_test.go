package pgconn_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

const tcpUserTimeout = 18 // include/uapi/linux/tcp.h

// TestSocketOptionsReachTheSocket reads them back from the kernel.
func TestSocketOptionsReachTheSocket(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	idle, interval, count := kernel(t, "tcp_keepalive_time"), kernel(t, "tcp_keepalive_intvl"), kernel(t, "tcp_keepalive_probes")
	const system = "keepalives_idle=0 keepalives_interval=0 keepalives_count=0 tcp_user_timeout=0"
	for settings, want := range map[string][5]int{ // user timeout, on, idle, interval, count
		"": {30000, 1, 15, 15, 9},
		"keepalives_idle=7 keepalives_interval=8 keepalives_count=3 tcp_user_timeout=1500": {1500, 1, 7, 8, 3},
		system: {0, 1, idle, interval, count},
		"keepalives=0 keepalives_idle=7 tcp_user_timeout=1500": {1500, 0, idle, interval, count},
	} {
		o, err := pgconn.ParseSocketOptions(settingsOf(settings))
		must(t, err)
		conn, err := o.Connect(t.Context(), pgconn.EndpointAt(l.Addr().String(), "localhost"))
		must(t, err)
		if got := socketValues(t, conn); got != want {
			t.Errorf("%s: %v, want %v", settings, got, want)
		}
		_ = conn.Close()
	}
}

func settingsOf(list string) func(string) string {
	return func(key string) string {
		for _, f := range strings.Fields(list) {
			if k, v, _ := strings.Cut(f, "="); k == key {
				return v
			}
		}
		return ""
	}
}

func kernel(t *testing.T, name string) int {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/net/ipv4/" + name)
	must(t, err)
	n, err := strconv.Atoi(strings.TrimSpace(string(text)))
	must(t, err)
	return n
}

func socketValues(t *testing.T, conn net.Conn) (v [5]int) {
	t.Helper()
	raw, err := conn.(syscall.Conn).SyscallConn()
	must(t, err)
	must(t, raw.Control(func(fd uintptr) {
		for i, o := range [][2]int{
			{syscall.IPPROTO_TCP, tcpUserTimeout},
			{syscall.SOL_SOCKET, syscall.SO_KEEPALIVE},
			{syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE},
			{syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL},
			{syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT},
		} {
			v[i], err = syscall.GetsockoptInt(int(fd), o[0], o[1])
			must(t, err)
		}
	}))
	return v
}

// TestContextBoundsTheTCPConnect against a listener whose queue is full, so that the kernel answers no SYN.
func TestContextBoundsTheTCPConnect(t *testing.T) {
	address := fullListener(t)
	security, err := pgconn.NewSecurity(pgconn.MustConfig("host=localhost sslmode=require"))
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, _, err = inTime(t, func() (net.Conn, net.Conn, error) {
		return security.Dial(ctx, pgconn.EndpointAt(address, "localhost"), pgconn.Encrypted, pgconn.SocketOptions{})
	})
	if !errors.Is(err, context.DeadlineExceeded) || pgconn.FallsBack(pgconn.Opportunistic, err) {
		t.Error(err)
	}
}

func fullListener(t *testing.T) string {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	must(t, err)
	t.Cleanup(func() { _ = syscall.Close(fd) })
	must(t, syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	must(t, syscall.Listen(fd, 0))
	name, err := syscall.Getsockname(fd)
	must(t, err)
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(name.(*syscall.SockaddrInet4).Port))
	for range 16 {
		conn, err := net.DialTimeout("tcp", address, 100*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Skip("this kernel accepts connections beyond a listener's queue")
	return ""
}
