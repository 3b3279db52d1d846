package pgconn_test

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/database/pgconn"
)

// inTime fails the test if f hangs: a context that has ended must end it.
func inTime(t *testing.T, f func() (net.Conn, net.Conn, error)) (conn, raw net.Conn, err error) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, raw, err = f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("dial hangs")
	}
	return conn, raw, err
}

// answering is a listener that reads an SSLRequest, answers with text, tells reached, and closes gone when the client has closed. It
// stands for servers that no real one can be made to be.
func answering(t *testing.T, text string) (address string, reached, gone chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	reached, gone = make(chan struct{}), make(chan struct{})
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		request := make([]byte, 8)
		_, _ = io.ReadFull(conn, request)
		if binary.BigEndian.Uint32(request[4:]) == 1234<<16|5679 {
			_, _ = io.WriteString(conn, text)
			close(reached)
		}
		_, _ = io.Copy(io.Discard, conn)
		close(gone)
	}()
	return l.Addr().String(), reached, gone
}

// closed waits until the client has closed its connection.
func closed(t *testing.T, gone <-chan struct{}) {
	t.Helper()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the connection was left open")
	}
}

func dialAnswer(t *testing.T, ctx context.Context, address string, enc pgconn.Encryption) (conn, raw net.Conn, err error) {
	t.Helper()
	security, err := pgconn.NewSecurity(pgconn.MustConfig("host=localhost sslmode=require"))
	must(t, err)
	return inTime(t, func() (net.Conn, net.Conn, error) {
		return security.Dial(ctx, pgconn.EndpointAt(address, "localhost"), enc, pgconn.SocketOptions{})
	})
}

func TestContextBoundsTheNegotiationWithASilentServer(t *testing.T) {
	for name, said := range map[string]string{"no answer": "", "no handshake": "S"} {
		t.Run(name, func(t *testing.T) {
			address, reached, gone := answering(t, said)
			ctx, cancel := withCancel(t)
			go func() {
				<-reached
				cancel()
			}()
			_, _, err := dialAnswer(t, ctx, address, pgconn.Opportunistic)
			if !errors.Is(err, context.Canceled) || pgconn.FallsBack(pgconn.Opportunistic, err) {
				t.Error(err)
			}
			closed(t, gone)
		})
	}
}

func errorResponse(fields ...string) string {
	body := strings.Join(fields, "\x00") + "\x00\x00"
	return "E" + string(binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))) + body
}

func TestAnErrorInPlaceOfAnAnswerIsReported(t *testing.T) {
	for name, c := range map[string]struct{ answer, state, message string }{
		"full":           {errorResponse("SFATAL", "C53300", "Mtoo many clients"), "53300", "too many clients"},
		"cannot fork":    {"Ecould not fork new process: no memory\n\x00", "", "could not fork new process: no memory"},
		"tries to paint": {errorResponse("SFATAL", "C08P01", "Ma\x1b[2Jb\nc"), "08P01", "a [2Jb c"},
	} {
		t.Run(name, func(t *testing.T) {
			address, _, gone := answering(t, c.answer)
			_, _, err := dialAnswer(t, t.Context(), address, pgconn.Encrypted)
			var e *pq.Error
			if !errors.As(err, &e) || e.SQLState() != c.state || e.Message != c.message {
				t.Error(err)
			}
			closed(t, gone)
		})
	}
}

func TestAServerWithoutTLS(t *testing.T) {
	address, _, gone := answering(t, "N")
	_, _, err := dialAnswer(t, t.Context(), address, pgconn.Encrypted)
	if !errors.Is(err, pq.ErrSSLNotSupported) {
		t.Error(err)
	}
	closed(t, gone)
	address, _, gone = answering(t, "N")
	conn, raw, err := dialAnswer(t, t.Context(), address, pgconn.Opportunistic)
	must(t, err)
	if conn != raw {
		t.Errorf("%T, want the socket", conn)
	}
	_ = conn.Close()
	closed(t, gone)
}

func TestAnAnswerThatIsNotPostgreSQLs(t *testing.T) {
	for _, answer := range []string{"HTTP/1.1 400 Bad Request\r\n\r\n", "\x00"} {
		address, _, gone := answering(t, answer)
		_, _, err := dialAnswer(t, t.Context(), address, pgconn.Opportunistic)
		if err == nil || !strings.Contains(err.Error(), "is this a PostgreSQL server") {
			t.Errorf("%q: %v", answer, err)
		}
		closed(t, gone)
	}
}

// TestBytesBeforeTheHandshakeBreakIt: CVE-2021-23222, what somebody put there must never be taken for the server's.
func TestBytesBeforeTheHandshakeBreakIt(t *testing.T) {
	address, _, gone := answering(t, "S"+errorResponse("SFATAL", "C28000", "Minjected"))
	_, _, err := dialAnswer(t, t.Context(), address, pgconn.Encrypted)
	var e *pq.Error
	if err == nil || errors.As(err, &e) || !strings.Contains(err.Error(), "TLS: ") {
		t.Error(err)
	}
	closed(t, gone)
}

// hello is what a direct TLS server saw of a client with the given settings.
func hello(t *testing.T, protocols []string, change func(*pq.Config)) (seen *tls.ClientHelloInfo, err error) {
	t.Helper()
	ca := newAuthority(t, "ca", nil)
	certText, keyText := ca.leaf(t, "server", "localhost")
	pair, err := tls.X509KeyPair(certText, keyText)
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = tls.Server(conn, &tls.Config{
			Certificates: []tls.Certificate{pair}, NextProtos: protocols,
			GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) { seen = h; return nil, nil },
		}).Handshake()
	}()
	cfg := pgconn.MustConfig("host=localhost sslmode=verify-full sslnegotiation=direct sslrootcert=" + write(t, t.TempDir(), "ca.crt", ca.pem))
	change(cfg)
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	conn, _, err := security.Dial(t.Context(), pgconn.EndpointAt(l.Addr().String(), "localhost"), pgconn.Encrypted, pgconn.SocketOptions{})
	if err == nil {
		_ = conn.Close()
	}
	<-done
	return seen, err
}

func TestDirectTLSNamesTheProtocolAndTheServer(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	seen, err := hello(t, []string{"postgresql"}, func(*pq.Config) {})
	must(t, err)
	if !slices.Equal(seen.SupportedProtos, []string{"postgresql"}) || seen.ServerName != "localhost" {
		t.Errorf("%v %q", seen.SupportedProtos, seen.ServerName)
	}
	if _, err = hello(t, nil, func(*pq.Config) {}); err == nil || !strings.Contains(err.Error(), "did not agree") {
		t.Errorf("a server that names no protocol: %v", err)
	}
}

func TestWithoutSNITheNameIsCheckedAndNotSent(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	seen, err := hello(t, []string{"postgresql"}, func(c *pq.Config) { c.SSLSNI = false })
	must(t, err)
	if seen.ServerName != "" {
		t.Errorf("sent %q", seen.ServerName)
	}
}

func TestProtocolVersionsAreKept(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	seen, err := hello(t, []string{"postgresql"}, func(c *pq.Config) {
		c.SSLMinProtocolVersion, c.SSLMaxProtocolVersion = pq.SSLProtocolVersionTLS12, pq.SSLProtocolVersionTLS12
	})
	must(t, err)
	if !slices.Equal(seen.SupportedVersions, []uint16{tls.VersionTLS12}) {
		t.Errorf("offered %x", seen.SupportedVersions)
	}
}

func TestSettingsThatAreWrongByThemselvesAreRefusedAtOnce(t *testing.T) {
	for name, change := range map[string]func(*pq.Config){
		"unknown mode":         func(c *pq.Config) { c.SSLMode = "sometimes" },
		"registered with pq":   func(c *pq.Config) { c.SSLMode = "pqgo-mine" },
		"unknown negotiation":  func(c *pq.Config) { c.SSLNegotiation = "later" },
		"weak direct":          func(c *pq.Config) { c.SSLMode, c.SSLNegotiation = pq.SSLModePrefer, pq.SSLNegotiationDirect },
		"weak system":          func(c *pq.Config) { c.SSLMode, c.SSLRootCert = pq.SSLModeVerifyCA, "system" },
		"unknown version":      func(c *pq.Config) { c.SSLMinProtocolVersion = "SSLv3" },
		"no version between":   func(c *pq.Config) { c.SSLMinProtocolVersion, c.SSLMaxProtocolVersion = "TLSv1.3", "TLSv1.2" },
		"no name to check":     func(c *pq.Config) { *c = *pgconn.MustConfig("hostaddr=127.0.0.1 host='' sslmode=verify-full") },
		"inline without a CA":  func(c *pq.Config) { c.SSLMode, c.SSLInline = pq.SSLModeVerifyCA, true },
		"inline nonsense":      func(c *pq.Config) { c.SSLInline, c.SSLRootCert = true, "nonsense" },
		"inline without a key": func(c *pq.Config) { c.SSLInline, c.SSLCert = true, "nonsense" },
	} {
		cfg := pgconn.MustConfig("host=localhost sslmode=require")
		must(t, func() error { _, err := pgconn.NewSecurity(cfg); return err }())
		change(cfg)
		if _, err := pgconn.NewSecurity(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestAKeyOfRootsMayBeReadByItsGroup: certificates that belong to the system.
func TestAKeyOfRootsMayBeReadByItsGroup(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	dir := t.TempDir()
	cert, key := newAuthority(t, "ca", nil).leaf(t, "client")
	name := write(t, dir, "client.key", key)
	cfg := pgconn.MustConfig("host=localhost sslmode=require sslcert=" + write(t, dir, "client.crt", cert) + " sslkey=" + name)
	security, err := pgconn.NewSecurity(cfg)
	must(t, err)
	nobody := pgconn.EndpointAt(filepath.Join(dir, "nobody listens"), "localhost")
	for mode, root := range map[os.FileMode]bool{0o600: true, 0o640: os.Getuid() == 0, 0o644: false, 0o660: false, 0o604: false} {
		must(t, os.Chmod(name, mode))
		_, _, err := security.Dial(t.Context(), nobody, pgconn.Encrypted, pgconn.SocketOptions{})
		if refused := errors.Is(err, pq.ErrSSLKeyHasWorldPermissions); refused == root {
			t.Errorf("%o: %v", mode, err)
		}
	}
}
