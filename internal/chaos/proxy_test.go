package chaos_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/chaos"
)

var (
	commit = chaos.Kind{From: chaos.Client, Name: "Query", Verb: chaos.Commit}
	write  = chaos.Kind{From: chaos.Client, Name: "Execute", Verb: chaos.Write}
)

func TestEveryMessageOfATransactionIsTold(t *testing.T) {
	b := newBench(t, chaos.Options{})
	must(t, insert(t.Context(), b.through, "a"))
	must(t, b.through.Close())
	for deadline := time.Now().Add(bounded); b.proxy.Counts().Open > 0 && time.Now().Before(deadline); {
		runtime.Gosched()
	}

	want := map[chaos.Kind]int{
		{From: chaos.Client, Name: "Startup"}:                                 1,
		{From: chaos.Client, Name: "Password"}:                                2,
		{From: chaos.Server, Name: "Authentication"}:                          3,
		{From: chaos.Server, Name: "AuthenticationOk"}:                        1,
		{From: chaos.Server, Name: "BackendKeyData"}:                          1,
		{From: chaos.Server, Name: "ReadyForQuery"}:                           1,
		{From: chaos.Client, Name: "Query", Verb: chaos.Begin}:                1,
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Begin}:      1,
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Begin}:        1,
		{From: chaos.Client, Name: "Parse", Verb: chaos.Write}:                1,
		{From: chaos.Client, Name: "Describe", Verb: chaos.Write}:             1,
		{From: chaos.Client, Name: "Sync", Verb: chaos.Other}:                 1,
		{From: chaos.Server, Name: "ParseComplete", Verb: chaos.Write}:        1,
		{From: chaos.Server, Name: "ParameterDescription", Verb: chaos.Write}: 1,
		{From: chaos.Server, Name: "NoData", Verb: chaos.Write}:               1,
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Other}:        1,
		{From: chaos.Client, Name: "Bind", Verb: chaos.Write}:                 1,
		{From: chaos.Client, Name: "Execute", Verb: chaos.Write}:              1,
		{From: chaos.Client, Name: "Sync", Verb: chaos.Write}:                 1,
		{From: chaos.Server, Name: "BindComplete", Verb: chaos.Write}:         1,
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Write}:      1,
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Write}:        1,
		{From: chaos.Client, Name: "Query", Verb: chaos.Commit}:               1,
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Commit}:     1,
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Commit}:       1,
		{From: chaos.Client, Name: "Terminate"}:                               1,
	}
	must(t, b.proxy.Close())
	seen := b.proxy.Kinds()
	for k, n := range want {
		if seen[k] != n {
			t.Errorf("%v: %d, want %d", k, seen[k], n)
		}
		delete(seen, k)
	}
	delete(seen, chaos.Kind{From: chaos.Server, Name: "ParameterStatus"})
	if len(seen) > 0 {
		t.Errorf("unexpected: %v", seen)
	}
}

// One connection, four round trips of lib/pq's: BEGIN, Parse, Bind, COMMIT; before them start-up and its two passwords.
func TestRoundTripsAreCounted(t *testing.T) {
	for name, opts := range map[string]chaos.Options{"framed": {}, "raw": {Raw: true}} {
		b := newBench(t, opts)
		must(t, insert(t.Context(), b.through, "a"))
		before := b.proxy.Counts()
		must(t, insert(t.Context(), b.through, "b"))
		after := b.proxy.Counts()
		if got := after.RoundTrips - before.RoundTrips; got != 4 || before.RoundTrips != 4+3 || after.Dials != 1 {
			t.Errorf("%s: %d round trips after %d, %d dials", name, got, before.RoundTrips, after.Dials)
		}
		if open := b.proxy.Connections(); len(open) != 1 || open[0].RoundTrips != after.RoundTrips {
			t.Errorf("%s: connections %+v", name, open)
		}
	}
}

func TestBeforeKeepsAMessageFromTheServerAndAfterItsAnswerFromTheClient(t *testing.T) {
	for _, harm := range []chaos.Harm{chaos.FIN, chaos.RST, chaos.Error, chaos.Fatal} {
		for when, rows := range map[chaos.When]int{chaos.Before: 0, chaos.After: 1} {
			b := newBench(t, chaos.Options{})
			armed := b.proxy.Arm(chaos.Fault{At: commit, When: when, Harm: harm, State: "08P01"})
			err := insert(t.Context(), b.through, "a")
			if err == nil || armed.Disarm() != 1 {
				t.Errorf("%s %s: no error", harm, when)
			}
			must(t, b.through.Close())
			must(t, b.proxy.Close())
			if n := b.rows(t, "a"); n != rows {
				t.Errorf("%s %s COMMIT: %d rows, want %d", harm, when, n, rows)
			}
			if harm == chaos.RST && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%s %s: got %v, want a reset", harm, when, err)
			}
		}
	}
}

// The Execute of a transaction is carried out, and rolled back with its connection.
func TestAfterWaitsForTheEndOfTheRequest(t *testing.T) {
	b := newBench(t, chaos.Options{})
	b.proxy.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Client, Name: "Execute", Verb: chaos.Write}, When: chaos.After, Harm: chaos.FIN})
	conn, err := b.through.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), chaos.Insert, "a", 1); err == nil {
		t.Fatal("no error")
	}
	if n := b.rows(t, "a"); n != 1 {
		t.Fatalf("%d rows, want 1: the server had the Sync and answered", n)
	}
}

// TestAServerMessageIsCutBeforeOrAfterTheClientGotIt: after CommandComplete the client knows, but ReadyForQuery is missing.
func TestAServerMessageIsCutBeforeOrAfterTheClientGotIt(t *testing.T) {
	at := chaos.Kind{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Commit}
	for when, want := range map[chaos.When]string{chaos.Before: "CZ", chaos.After: "CZC"} {
		b := newBench(t, chaos.Options{})
		b.proxy.Arm(chaos.Fault{At: at, When: when, Harm: chaos.FIN})
		if got := kindsRead(t, b, "BEGIN", "COMMIT"); got != want {
			t.Errorf("%s: the client read %q, want %q", when, got, want)
		}
	}
}

func TestMadeUpErrorIsFollowedByTheEnd(t *testing.T) {
	for _, harm := range []chaos.Harm{chaos.Error, chaos.Fatal} {
		b := newBench(t, chaos.Options{})
		b.proxy.Arm(chaos.Fault{At: commit, When: chaos.After, Harm: harm, State: "08P01"})
		if got := kindsRead(t, b, "BEGIN", "COMMIT", "BEGIN"); got != "CZE" {
			t.Errorf("%s: the client read %q, want an error and nothing more", harm, got)
		}
	}
}

// kindsRead speaks the protocol without a driver and returns the first bytes of the answers to the queries.
func kindsRead(t *testing.T, b *bench, queries ...string) string {
	t.Helper()
	var kinds strings.Builder
	c, err := pq.NewConnector(b.url)
	must(t, err)
	tap := &tap{}
	c.Dialer(tap)
	conn, err := c.Connect(t.Context())
	must(t, err)
	raw := tap.conn
	must(t, raw.SetDeadline(time.Now().Add(bounded)))
	for _, q := range queries {
		_, err := raw.Write(query(q))
		must(t, err)
		for {
			kind, err := next(raw)
			if err != nil {
				_ = conn.Close()
				return kinds.String()
			}
			kinds.WriteByte(kind)
			if kind == 'Z' {
				break
			}
		}
	}
	_ = conn.Close()
	return kinds.String()
}

type tap struct{ conn net.Conn }

func (d *tap) Dial(network, address string) (net.Conn, error) {
	var err error
	d.conn, err = net.Dial(network, address)
	return d.conn, err
}

func (d *tap) DialTimeout(network, address string, _ time.Duration) (net.Conn, error) {
	return d.Dial(network, address)
}

func query(q string) []byte {
	n := len(q) + 5
	return append(append([]byte{'Q', byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, q...), 0)
}

func next(r io.Reader) (byte, error) {
	var h [5]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return 0, err
	}
	n := int64(h[1])<<24 | int64(h[2])<<16 | int64(h[3])<<8 | int64(h[4])
	_, err := io.CopyN(io.Discard, r, n-4)
	return h[0], err
}

func TestSwallowIsSilentUntilCut(t *testing.T) {
	b := newBench(t, chaos.Options{})
	armed := b.proxy.Arm(chaos.Fault{At: commit, When: chaos.Before, Harm: chaos.Swallow})
	returned := make(chan error, 1)
	go func() { returned <- insert(t.Context(), b.through, "a") }()
	<-armed.Fired()
	var open int
	must(t, b.direct.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND datname = current_database()`).Scan(&open))
	select {
	case err := <-returned:
		t.Fatalf("came back: %v", err)
	default:
	}
	if open != 1 {
		t.Fatalf("%d open transactions on the server, want the one that hears nothing", open)
	}
	b.proxy.Cut()
	if err := <-returned; err == nil {
		t.Fatal("no error after the cut")
	}
}

// A network that is dead does not tell the server either that the client has closed.
func TestSwallowedConnectionStaysOpenTowardsTheServer(t *testing.T) {
	b := newBench(t, chaos.Options{})
	armed := b.proxy.Arm(chaos.Fault{At: write, When: chaos.Before, Harm: chaos.Swallow})
	c, err := pq.NewConnector(b.url)
	must(t, err)
	dialer := &tap{}
	c.Dialer(dialer)
	db := sql.OpenDB(c)
	defer db.Close()
	returned := make(chan error, 1)
	go func() { returned <- insert(t.Context(), db, "a") }()
	<-armed.Fired()
	must(t, dialer.conn.Close())
	<-returned
	n, err := chaos.Others(t.Context(), b.direct)
	if err != nil || n == 0 {
		t.Fatalf("%d sessions, %v", n, err)
	}
}

func TestDelayedMessageArrives(t *testing.T) {
	for _, when := range []chaos.When{chaos.Before, chaos.After} {
		b := newBench(t, chaos.Options{})
		b.proxy.Arm(chaos.Fault{At: commit, When: when, Harm: chaos.Delay, Delay: 60 * time.Millisecond})
		start := time.Now()
		must(t, insert(t.Context(), b.through, "a"))
		if took := time.Since(start); took < 60*time.Millisecond {
			t.Errorf("%s: took %v", when, took)
		}
	}
}

func TestHalfOfACommitIsNone(t *testing.T) {
	b := newBench(t, chaos.Options{})
	b.proxy.Arm(chaos.Fault{At: commit, When: chaos.Before, Harm: chaos.Half})
	if err := insert(t.Context(), b.through, "a"); err == nil || b.rows(t, "a") != 0 {
		t.Fatalf("%v, %d rows", err, b.rows(t, "a"))
	}
}

func TestRefusedRequestLeavesTheConnectionUsable(t *testing.T) {
	b := newBench(t, chaos.Options{})
	must(t, b.through.PingContext(t.Context()))
	b.proxy.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Client, Name: "Parse", Verb: chaos.Write}, When: chaos.Before, Harm: chaos.Refuse, State: "40001"})
	_, err := b.through.ExecContext(t.Context(), chaos.Insert, "a", 1)
	if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != "40001" {
		t.Fatalf("got %v, want the proxy's error", err)
	}
	must(t, insert(t.Context(), b.through, "b"))
	if d := b.proxy.Counts().Dials; d != 1 || b.rows(t, "a") != 0 || b.rows(t, "b") != 1 {
		t.Fatalf("%d dials, rows %d and %d", d, b.rows(t, "a"), b.rows(t, "b"))
	}
}

func TestNthCountsOnOneConnectionFromTheArmingOn(t *testing.T) {
	b := newBench(t, chaos.Options{})
	must(t, insert(t.Context(), b.through, "a"))
	b.proxy.Arm(chaos.Fault{At: commit, Nth: 2, When: chaos.Before, Harm: chaos.FIN})
	must(t, insert(t.Context(), b.through, "b"))
	if err := insert(t.Context(), b.through, "c"); err == nil {
		t.Fatal("the second COMMIT after the arming passed")
	}
}

func TestChainArmsTheNextFaultWhenOneHasStruck(t *testing.T) {
	b := newBench(t, chaos.Options{})
	armed := b.proxy.Arm(chaos.Fault{At: commit, Harm: chaos.FIN, When: chaos.Before}, chaos.Fault{At: write, Harm: chaos.FIN, When: chaos.Before})
	if insert(t.Context(), b.through, "a") == nil || insert(t.Context(), b.through, "b") == nil {
		t.Fatal("a fault did not strike")
	}
	<-armed.Fired()
	must(t, insert(t.Context(), b.through, "c"))
}

func TestStartUpCanBeHurt(t *testing.T) {
	for _, at := range []chaos.Kind{
		{From: chaos.Client, Name: "Startup"},
		{From: chaos.Client, Name: "Password"},
		{From: chaos.Server, Name: "AuthenticationOk"},
		{From: chaos.Server, Name: "ParameterStatus"},
		{From: chaos.Server, Name: "BackendKeyData"},
		{From: chaos.Server, Name: "ReadyForQuery"},
	} {
		for _, when := range []chaos.When{chaos.Before, chaos.After} {
			if at.Name == "ReadyForQuery" && when == chaos.After {
				continue // start-up is complete then
			}
			b := newBench(t, chaos.Options{})
			b.proxy.Arm(chaos.Fault{At: at, When: when, Harm: chaos.RST})
			ctx, cancel := context.WithTimeout(t.Context(), bounded)
			conn, err := pq.NewConnector(b.url)
			must(t, err)
			if c, err := conn.Connect(ctx); err == nil {
				_ = c.Close()
				t.Errorf("%s %v: connected", when, at)
			}
			cancel()
		}
	}
}

func TestTLSQuestionIsFollowed(t *testing.T) {
	b := newBench(t, chaos.Options{})
	db := open(t, strings.Replace(b.url, "sslmode=disable", "sslmode=prefer", 1))
	must(t, insert(t.Context(), db, "a"))
	seen := b.proxy.Kinds()
	if seen[chaos.Kind{From: chaos.Client, Name: "SSLRequest"}] != 1 || seen[commit] != 1 {
		t.Fatalf("seen %v", seen)
	}
}

func TestLatencyIsAddedEachWay(t *testing.T) {
	b := newBench(t, chaos.Options{Latency: 20 * time.Millisecond})
	must(t, b.through.PingContext(t.Context()))
	start := time.Now()
	must(t, insert(t.Context(), b.through, "a"))
	if took := time.Since(start); took < 160*time.Millisecond {
		t.Fatalf("four round trips of 40 ms took %v", took)
	}
}

func TestProxyServesUnixSocketsOnBothSides(t *testing.T) {
	b := newBench(t, chaos.Options{})
	var dir string
	must(t, b.direct.QueryRow("SELECT current_setting('unix_socket_directories')").Scan(&dir))
	_, _, err := chaos.Address(b.url)
	must(t, err)
	var port string
	must(t, b.direct.QueryRow("SELECT current_setting('port')").Scan(&port))
	if _, err := os.Stat(dir + "/.s.PGSQL." + port); err != nil {
		t.Skip("the server's socket is not on this machine")
	}
	sockets, err := os.MkdirTemp("", "chaos")
	must(t, err)
	defer os.RemoveAll(sockets)
	p, err := chaos.NewProxy("unix", dir+"/.s.PGSQL."+port, chaos.Options{Dir: sockets})
	must(t, err)
	defer p.Close()
	u := strings.Split(strings.SplitN(b.url, "@", 2)[1], "/")
	db := open(t, "postgres:///"+strings.SplitN(u[1], "?", 2)[0]+"?user=postgres&sslmode=disable&host="+sockets)
	defer db.Close()
	must(t, insert(t.Context(), db, "a"))
	if n := b.rows(t, "a"); n != 1 || p.Counts().Dials != 1 {
		t.Fatalf("%d rows, %+v", n, p.Counts())
	}
}

func TestSwitchSendsNewConnectionsElsewhere(t *testing.T) {
	b := newBench(t, chaos.Options{})
	must(t, b.through.PingContext(t.Context()))
	b.proxy.Switch("tcp", "127.0.0.1:1")
	must(t, b.through.PingContext(t.Context()))
	b.proxy.Cut()
	if err := b.through.PingContext(t.Context()); err == nil {
		t.Fatal("a new connection reached the old server")
	}
}

// A cancel request has a connection of its own, which is no dial and which no fault hurts.
func TestCancelRequestReachesTheServer(t *testing.T) {
	b := newBench(t, chaos.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	conn, err := b.through.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	go func() {
		for {
			var n int
			err := b.direct.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'").Scan(&n)
			if err != nil || n > 0 {
				cancel()
				return
			}
		}
	}()
	_, err = conn.ExecContext(ctx, "SELECT pg_sleep(60)")
	if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != "57014" {
		t.Fatalf("got %v, want query_canceled from the server", err)
	}
	if c := b.proxy.Counts(); c.Cancels != 1 || c.Dials != 1 {
		t.Fatalf("%+v", c)
	}
}
