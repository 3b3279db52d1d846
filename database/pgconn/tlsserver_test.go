package pgconn_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// authority is a certificate authority of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

// newAuthority is signed by parent, or by itself when parent is nil.
func newAuthority(tb testing.TB, name string, parent *authority) *authority {
	tb.Helper()
	key, cert, text := sign(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, parent)
	return &authority{cert: cert, key: key, pem: text}
}

// leaf returns a certificate and its key as PEM texts.
func (a *authority) leaf(tb testing.TB, name string, names ...string) (cert, key []byte) {
	tb.Helper()
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, n)
		}
	}
	private, _, cert := sign(tb, template, a)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	must(tb, err)
	return cert, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func sign(tb testing.TB, template *x509.Certificate, by *authority) (*ecdsa.PrivateKey, *x509.Certificate, []byte) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(tb, err)
	template.SerialNumber, err = rand.Int(rand.Reader, big.NewInt(1<<62))
	must(tb, err)
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	must(tb, err)
	cert, err := x509.ParseCertificate(der)
	must(tb, err)
	return key, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// write makes a file with mode 0600 in dir and returns its path.
func write(tb testing.TB, dir, name string, content ...[]byte) string {
	tb.Helper()
	path := filepath.Join(dir, name)
	must(tb, os.WriteFile(path, []byte(joined(content)), 0o600))
	return path
}

func joined(parts [][]byte) string {
	var b strings.Builder
	for _, p := range parts {
		b.Write(p)
	}
	return b.String()
}

// serverName is what the certificate of a TLS server is for.
const serverName = "db.plinth.test"

// tlsServer is a PostgreSQL server of a test's own.
type tlsServer struct {
	admin         *sql.DB
	user          *url.Userinfo
	address, port string // an IP address
	sockets       string // directory of the Unix socket
}

// serverAt is the server, without TLS and wanting a password, of a connection string.
func serverAt(t *testing.T, connection string) *tlsServer {
	t.Helper()
	u, err := url.Parse(connection)
	must(t, err)
	addresses, err := net.DefaultResolver.LookupHost(t.Context(), u.Hostname())
	must(t, err)
	db, err := sql.Open("postgres", connection)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	s := &tlsServer{admin: db, user: u.User, address: addresses[0], port: u.Port()}
	must(t, db.QueryRowContext(t.Context(), "SHOW unix_socket_directories").Scan(&s.sockets))
	return s
}

// The roles of a TLS server say how they may come in; see hostRules.
const hostRules = `local all all trust
hostssl all tlsonly all trust
hostnossl all plainonly all trust
hostssl all cert all trust clientcert=verify-ca
host all either all trust
host all postgres all scram-sha-256`

// startTLSServer starts a server with a certificate by ca for serverName, that takes client certificates by ca.
func startTLSServer(t *testing.T, ca *authority) *tlsServer {
	t.Helper()
	if strings.HasPrefix(os.Getenv(pgserver.EnvURL), "postgres") {
		t.Skip("a server that somebody else runs cannot be given certificates")
	}
	server, err := pgserver.Start(t.Context(), pgserver.Options{})
	must(t, err)
	t.Cleanup(func() { _ = server.Close() })
	s := serverAt(t, server.URL())
	cert, key := ca.leaf(t, "server", serverName)
	s.file(t, "plinth.crt", cert)
	s.file(t, "plinth.key", key)
	s.file(t, "plinth-ca.crt", ca.pem)
	s.file(t, "pg_hba.conf", []byte(hostRules))
	for _, text := range []string{
		"CREATE ROLE tlsonly LOGIN", "CREATE ROLE plainonly LOGIN", "CREATE ROLE either LOGIN", "CREATE ROLE cert LOGIN",
		"ALTER SYSTEM SET ssl_cert_file = 'plinth.crt'", "ALTER SYSTEM SET ssl_key_file = 'plinth.key'",
		"ALTER SYSTEM SET ssl_ca_file = 'plinth-ca.crt'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()",
	} {
		_, err := s.admin.ExecContext(t.Context(), text)
		must(t, err)
	}
	s.admin.SetMaxIdleConns(0) // so that each look is at what the postmaster gives a new session
	for on := ""; on != "on"; {
		must(t, s.admin.QueryRowContext(t.Context(), "SHOW ssl").Scan(&on))
	}
	return s
}

// file writes a file into the server's data directory as the server's own account.
func (s *tlsServer) file(t *testing.T, name string, content []byte) {
	t.Helper()
	query := fmt.Sprintf(`COPY (SELECT unnest(string_to_array(%s, E'\n'))) TO PROGRAM 'umask 077; cat > %s'`,
		pq.QuoteLiteral(string(content)), name)
	_, err := s.admin.ExecContext(t.Context(), query)
	must(t, err)
}

// settings is a connection string for the server under the name host.
func (s *tlsServer) settings(role, host string, more ...string) string {
	password, _ := s.user.Password()
	return strings.Join(append([]string{
		"host=" + host, "hostaddr=" + s.address, "port=" + s.port, "user=" + role,
		"password=" + password, "dbname=postgres", "connect_timeout=20",
	}, more...), " ")
}

// given is a pq.Dialer that has dialled already.
type given struct{ conn net.Conn }

func (g given) Dial(string, string) (net.Conn, error)                       { return g.conn, nil }
func (g given) DialTimeout(string, string, time.Duration) (net.Conn, error) { return g.conn, nil }

// pool speaks the protocol on conn, with lib/pq, and has no other connection.
func pool(cfg *pq.Config, conn net.Conn) *sql.DB {
	c := cfg.Clone()
	c.SSLMode, c.Multi = pq.SSLModeDisable, nil
	connector, err := pq.NewConnectorConfig(c)
	if err != nil {
		panic(err)
	}
	connector.Dialer(given{conn})
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	return db
}

// encryptedBy asks the server whether the session is encrypted.
func encryptedBy(ctx context.Context, db *sql.DB) (string, error) {
	var tls bool
	err := db.QueryRowContext(ctx, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").Scan(&tls)
	if err != nil {
		return "", err
	}
	if tls {
		return "tls", nil
	}
	return "plain", nil
}

// withCancel is t's context with a cancel of its own.
func withCancel(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}
