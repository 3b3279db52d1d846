package pgconn_test

import (
	"bytes"
	"database/sql"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

// session is one session on conn, over the socket raw.
type session struct {
	db        *sql.DB
	conn, raw net.Conn
	pid       int
}

func dialSession(t *testing.T, dsn string, enc pgconn.Encryption) session {
	t.Helper()
	cfg := pgconn.MustConfig(dsn)
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	conn, raw, err := security.Dial(t.Context(), pgconn.Endpoints(cfg)[0], enc, pgconn.SocketOptions{})
	must(t, err)
	s := session{db: pool(cfg, conn), conn: conn, raw: raw}
	t.Cleanup(func() { _ = s.db.Close() })
	must(t, s.db.QueryRowContext(t.Context(), "SELECT pg_backend_pid()").Scan(&s.pid))
	return s
}

// awaitPeek waits, without reading, until there is something to see.
func awaitPeek(t *testing.T, raw net.Conn) (state pgconn.SocketState) {
	t.Helper()
	must(t, raw.SetReadDeadline(time.Now().Add(20*time.Second)))
	socket, err := raw.(syscall.Conn).SyscallConn()
	must(t, err)
	must(t, socket.Read(func(uintptr) bool {
		state = pgconn.Peek(raw)
		return state != pgconn.SocketQuiet
	}))
	must(t, raw.SetReadDeadline(time.Time{}))
	return state
}

func wantPeek(t *testing.T, when string, got, want pgconn.SocketState) {
	t.Helper()
	if got != want {
		t.Errorf("%s: state %d, want %d", when, got, want)
	}
}

// terminate ends a session from another one. The server says why (57P01) before it closes.
func terminate(t *testing.T, admin *sql.DB, s session) {
	t.Helper()
	var done bool
	must(t, admin.QueryRowContext(t.Context(), "SELECT pg_terminate_backend($1)", s.pid).Scan(&done))
	if !done {
		t.Fatal("no such session")
	}
}

func TestPeekTellsAnIdleSessionFromOneThatWasTerminated(t *testing.T) {
	url := pgtest.TestDatabase(t).URL()
	admin, err := sql.Open("postgres", url)
	must(t, err)
	defer admin.Close()
	s := dialSession(t, url, pgconn.Plain)
	wantPeek(t, "idle", pgconn.Peek(s.raw), pgconn.SocketQuiet)
	terminate(t, admin, s)
	wantPeek(t, "terminated", awaitPeek(t, s.raw), pgconn.SocketData)
	word, err := io.ReadAll(s.raw)
	must(t, err)
	if word[0] != 'E' || !bytes.Contains(word, []byte("57P01")) {
		t.Errorf("peek took something away: %q", word)
	}
	wantPeek(t, "read to the end", pgconn.Peek(s.raw), pgconn.SocketClosed)
}

func TestPeekSeesWhatTheServerSentByItself(t *testing.T) {
	url := pgtest.TestDatabase(t).URL()
	admin, err := sql.Open("postgres", url)
	must(t, err)
	defer admin.Close()
	s := dialSession(t, url, pgconn.Plain)
	_, err = s.db.ExecContext(t.Context(), "LISTEN news")
	must(t, err)
	wantPeek(t, "listening", pgconn.Peek(s.raw), pgconn.SocketQuiet)
	_, err = admin.ExecContext(t.Context(), "NOTIFY news")
	must(t, err)
	wantPeek(t, "notified", awaitPeek(t, s.raw), pgconn.SocketData)
}

// peekBelowTLS is a part of TestTLSWithPostgreSQL.
func peekBelowTLS(t *testing.T, server *tlsServer) {
	s := dialSession(t, server.settings("either", serverName, "sslmode=require"), pgconn.Encrypted)
	if s.conn == s.raw {
		t.Fatal("not encrypted")
	}
	wantPeek(t, "idle", pgconn.Peek(s.raw), pgconn.SocketQuiet)
	terminate(t, server.admin, s)
	wantPeek(t, "terminated", awaitPeek(t, s.raw), pgconn.SocketData)
}

func TestPeekNeitherWaitsNorMindsDeadlines(t *testing.T) {
	near, far := tcpPair(t)
	must(t, near.SetDeadline(time.Unix(1, 0)))
	wantPeek(t, "after a deadline", pgconn.Peek(near), pgconn.SocketQuiet)
	must(t, near.SetDeadline(time.Time{}))
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		var one [1]byte
		_, _ = near.Read(one[:])
	}()
	wantPeek(t, "beside a reader", pgconn.Peek(near), pgconn.SocketQuiet)
	must(t, far.Close())
	<-reading
	wantPeek(t, "closed there", awaitPeek(t, near), pgconn.SocketClosed)
	must(t, near.Close())
	wantPeek(t, "closed here", pgconn.Peek(near), pgconn.SocketClosed)
}

// TestPeekSeesAReset looks once, as the kernel tells of a reset only once.
func TestPeekSeesAReset(t *testing.T) {
	near, far := tcpPair(t)
	must(t, near.SetReadDeadline(time.Now().Add(20*time.Second)))
	socket, err := near.(syscall.Conn).SyscallConn()
	must(t, err)
	var state pgconn.SocketState
	reset := false
	must(t, socket.Read(func(uintptr) bool { // called again when something has come
		if !reset {
			reset = true
			_ = far.(*net.TCPConn).SetLinger(0)
			_ = far.Close()
			return false
		}
		state = pgconn.Peek(near)
		return true
	}))
	wantPeek(t, "reset", state, pgconn.SocketClosed)
}

func TestPeekKnowsNothingOfAConnectionWithoutASocket(t *testing.T) {
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()
	wantPeek(t, "pipe", pgconn.Peek(near), pgconn.SocketUnknown)
}

func tcpPair(t *testing.T) (near, far net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	near, err = net.Dial("tcp", l.Addr().String())
	must(t, err)
	t.Cleanup(func() { _ = near.Close() })
	far, err = l.Accept()
	must(t, err)
	t.Cleanup(func() { _ = far.Close() })
	return near, far
}
