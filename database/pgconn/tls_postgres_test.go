package pgconn_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/database/pgconn"
)

// The parts of TestTLSWithPostgreSQL beside the table.

func wantOutcome(t *testing.T, dsn, want string) {
	t.Helper()
	how, err := try(t.Context(), dsn)
	if got := outcome(how, err); got != want {
		t.Errorf("%s (%v), want %s", got, err, want)
	}
}

// unixSocketIsPlain also with a mode that wants TLS, which lib/pq's NewConfig takes back only for the first host.
func unixSocketIsPlain(t *testing.T, s *tlsServer) {
	directory, _, _ := strings.Cut(s.sockets, ",")
	if _, err := os.Stat(filepath.Join(directory, ".s.PGSQL."+s.port)); err != nil {
		t.Skip("the server's socket is not on this machine")
	}
	cfg := pgconn.MustConfig("user=either dbname=postgres port=" + s.port + " host=" + directory)
	cfg.SSLMode = "verify-full"
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	e := pgconn.Endpoints(cfg)[0]
	for _, enc := range security.Attempts(e) {
		conn, raw, err := security.Dial(t.Context(), e, enc, pgconn.SocketOptions{})
		must(t, err)
		db := pool(cfg, conn)
		defer db.Close()
		must(t, db.PingContext(t.Context()))
		if conn != raw || raw.RemoteAddr().Network() != "unix" {
			t.Errorf("%T over %s", conn, raw.RemoteAddr().Network())
		}
	}
}

// ipv6Literal goes through a forwarder, since the server need not listen on ::1.
func ipv6Literal(t *testing.T, s *tlsServer, root string) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 on this machine")
	}
	forward(t, l, net.JoinHostPort(s.address, s.port))
	_, port, _ := net.SplitHostPort(l.Addr().String())
	wantOutcome(t, "user=either dbname=postgres sslmode=verify-ca host=::1 port="+port+" "+root, "tls")
	// The certificate is for a name, not for this address.
	wantOutcome(t, "user=either dbname=postgres sslmode=verify-full host=::1 port="+port+" "+root, "name")
	wantOutcome(t, "user=either dbname=postgres sslmode=verify-full hostaddr=::1 host="+serverName+" port="+port+" "+root, "tls")
}

func forward(t *testing.T, l net.Listener, to string) {
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				return
			}
			for _, pair := range [][2]net.Conn{{in, out}, {out, in}} {
				go func() {
					_, _ = io.Copy(pair[0], pair[1])
					_ = pair[0].Close()
				}()
			}
		}
	}()
}

// severalHosts are each checked against their own name.
func severalHosts(t *testing.T, s *tlsServer, root string) {
	cfg := pgconn.MustConfig(fmt.Sprintf("user=either dbname=postgres sslmode=verify-full host=other.test,%s hostaddr=%s,%s port=%s %s",
		serverName, s.address, s.address, s.port, root))
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	want := []string{"name", "tls"}
	for i, e := range pgconn.Endpoints(cfg) {
		how, err := attempt(t.Context(), cfg, security, e, pgconn.Encrypted)
		if got := outcome(how, err); got != want[i] {
			t.Errorf("host %d: %s (%v), want %s", i, got, err, want[i])
		}
	}
}

// renewedFiles are seen by the next dial of the same security.
func renewedFiles(t *testing.T, s *tlsServer, ca, stranger *authority) {
	dir := t.TempDir()
	root := write(t, dir, "root.crt", stranger.pem)
	cert, key := filepath.Join(dir, "client.crt"), filepath.Join(dir, "client.key")
	cfg := pgconn.MustConfig(s.settings("cert", serverName, "sslmode=verify-full", "sslrootcert="+root, "sslcert="+cert, "sslkey="+key))
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	expect := func(want string) {
		t.Helper()
		how, err := attempt(t.Context(), cfg, security, pgconn.Endpoints(cfg)[0], pgconn.Encrypted)
		if got := outcome(how, err); got != want {
			t.Errorf("%s (%v), want %s", got, err, want)
		}
	}
	expect("authority")
	write(t, dir, "root.crt", ca.pem)
	expect("28000")
	certText, keyText := ca.leaf(t, "client")
	write(t, dir, "client.crt", certText)
	expect("file") // a certificate without its key
	write(t, dir, "client.key", keyText)
	expect("tls")
}

func defaultFiles(t *testing.T, s *tlsServer, ca, stranger *authority) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	dir := filepath.Join(home, ".postgresql")
	must(t, os.Mkdir(dir, 0o700))
	cert, key := ca.leaf(t, "client")
	write(t, dir, "postgresql.crt", cert)
	write(t, dir, "postgresql.key", key)
	wantOutcome(t, s.settings("cert", serverName, "sslmode=require"), "tls")
	write(t, dir, "root.crt", stranger.pem) // makes require verify
	wantOutcome(t, s.settings("cert", serverName, "sslmode=require"), "authority")
	write(t, dir, "root.crt", ca.pem)
	wantOutcome(t, s.settings("cert", serverName, "sslmode=require"), "tls")
	wantOutcome(t, s.settings("cert", "other.test", "sslmode=verify-full"), "name")
}

func inlineTexts(t *testing.T, s *tlsServer, ca *authority) {
	cert, key := ca.leaf(t, "client")
	cfg := pgconn.MustConfig(s.settings("cert", serverName, "sslmode=verify-full"))
	cfg.SSLInline, cfg.SSLCert, cfg.SSLKey, cfg.SSLRootCert = true, string(cert), string(key), string(ca.pem)
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	how, err := attempt(t.Context(), cfg, security, pgconn.Endpoints(cfg)[0], pgconn.Encrypted)
	if got := outcome(how, err); got != "tls" {
		t.Errorf("%s (%v)", got, err)
	}
}

// intermediateAuthority signs the client's certificate; the server knows only the root.
func intermediateAuthority(t *testing.T, s *tlsServer, ca *authority) {
	between := newAuthority(t, "intermediate", ca)
	cert, key := between.leaf(t, "client")
	dir := t.TempDir()
	client := " sslcert=" + write(t, dir, "client.crt", cert) + " sslkey=" + write(t, dir, "client.key", key)
	wantOutcome(t, s.settings("cert", serverName, "sslmode=require", client), "cut")
	both := "sslrootcert=" + write(t, dir, "root.crt", ca.pem, between.pem)
	wantOutcome(t, s.settings("cert", serverName, "sslmode=verify-full", client, both), "tls")
}

// contextEndsAfterDial must not touch the connection any more.
func contextEndsAfterDial(t *testing.T, s *tlsServer, root string) {
	cfg := pgconn.MustConfig(s.settings("either", serverName, "sslmode=verify-full", root))
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	ctx, cancel := withCancel(t)
	conn, _, err := security.Dial(ctx, pgconn.Endpoints(cfg)[0], pgconn.Encrypted, pgconn.SocketOptions{})
	must(t, err)
	cancel()
	db := pool(cfg, conn)
	defer db.Close()
	if how, err := encryptedBy(t.Context(), db); how != "tls" {
		t.Error(how, err)
	}
}

func directIsRefusedBefore17(t *testing.T, s *tlsServer) {
	var version int
	must(t, s.admin.QueryRowContext(t.Context(), "SELECT current_setting('server_version_num')::int").Scan(&version))
	how, err := try(t.Context(), s.settings("either", serverName, "sslmode=require", "sslnegotiation=direct"))
	switch {
	case version >= 170000 && how != "tls":
		t.Errorf("%s %v", how, err)
	case version < 170000 && (err == nil || !strings.Contains(err.Error(), "needs PostgreSQL 17")):
		t.Errorf("%s %v", how, err)
	}
}
