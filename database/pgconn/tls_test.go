package pgconn_test

import (
	"context"
	"crypto/x509"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

// try connects as the connector does, to the one server of dsn, and tells how it went.
func try(ctx context.Context, dsn string) (string, error) {
	cfg := pgconn.MustConfig(dsn)
	s, err := pgconn.NewSecurity(cfg)
	if err != nil {
		return "", err
	}
	e := pgconn.Endpoints(cfg)[0]
	for _, enc := range s.Attempts(e) {
		var how string
		if how, err = attempt(ctx, cfg, s, e, enc); err == nil {
			return how, nil
		}
		if !pgconn.FallsBack(enc, err) {
			break
		}
	}
	return "", err
}

func attempt(ctx context.Context, cfg *pq.Config, s *pgconn.Security, e pgconn.Endpoint, enc pgconn.Encryption) (string, error) {
	conn, _, err := s.Dial(ctx, e, enc, pgconn.SocketOptions{})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	db := pool(cfg, conn)
	defer db.Close()
	return encryptedBy(ctx, db)
}

func tryPQ(ctx context.Context, dsn string) (string, error) {
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return "", err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	return encryptedBy(ctx, db)
}

// outcome is how, or the kind of the error.
func outcome(how string, err error) string {
	var server *pq.Error
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var file *fs.PathError
	switch {
	case err == nil:
		return how
	case errors.As(err, &server):
		return server.SQLState()
	case errors.As(err, &name):
		return "name"
	case errors.As(err, &unknown):
		return "authority"
	case errors.Is(err, pq.ErrSSLNotSupported):
		return "no TLS"
	case errors.Is(err, pq.ErrSSLKeyHasWorldPermissions):
		return "key"
	case errors.As(err, &file):
		return "file"
	}
	return "cut"
}

// psqlOutcomes tells the kind of a failure from psql's words, the last line that matches one of them.
var psqlOutcomes = []struct{ words, kind string }{
	{"no pg_hba.conf entry", "28000"},
	{"connection requires a valid client certificate", "28000"},
	{"server does not support SSL", "no TLS"},
	{"certificate verify failed", "authority"},
	{"does not match host name", "name"},
	{"group or world access", "key"},
	{"root certificate file", "file"},
	{"alert", "cut"},
	{"server closed the connection", "cut"},
}

// tryLibpq runs psql, which is libpq's own behaviour.
func tryLibpq(ctx context.Context, psql, dsn string) string {
	cmd := exec.CommandContext(ctx, psql, "-XAtd", dsn, "-c",
		"SELECT CASE WHEN ssl THEN 'tls' ELSE 'plain' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
	cmd.Env = append(os.Environ(), "LC_ALL=C", "PGGSSENCMODE=disable")
	out, err := cmd.CombinedOutput()
	text := strings.TrimSpace(string(out))
	if err == nil {
		return text
	}
	lines := strings.Split(text, "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		for _, o := range psqlOutcomes {
			if strings.Contains(lines[i], o.words) {
				return o.kind
			}
		}
	}
	return text
}

// findPsql prefers the program itself to Debian's wrapper, which takes ten times as long.
func findPsql() string {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/psql"); len(found) > 0 {
		return found[len(found)-1]
	}
	path, _ := exec.LookPath("psql")
	return path
}

// modeCase is one row: settings, server and the outcome, with what lib/pq and libpq do where that is not the same.
type modeCase struct {
	mode   string
	role   string // of hostRules; "off" is the server without TLS
	root   string // "right", "unknown", "missing", or "" for none
	client string // "right", "unknown", "exposed", or "" for none
	host   string // "" is serverName
	more   string
	want   string
	pq     string
	libpq  string
	why    string
}

const (
	fallback     = "libpq goes on without TLS when the server refuses the session with it; lib/pq only when TLS fails"
	systemCA     = "libpq never falls back on the system's authorities; for verify-full we and lib/pq do"
	systemCAWeak = "as libpq: with the system's authorities and no check of the name, anybody's certificate would do"
)

var modeCases = []modeCase{
	{mode: "disable", role: "off", want: "plain"},
	{mode: "allow", role: "off", want: "plain"},
	{mode: "prefer", role: "off", want: "plain"},
	{mode: "require", role: "off", want: "no TLS"},
	{mode: "verify-ca", role: "off", root: "right", want: "no TLS"},
	{mode: "verify-full", role: "off", root: "right", want: "no TLS"},

	{mode: "disable", role: "either", want: "plain"},
	{mode: "allow", role: "either", want: "plain"},
	{mode: "prefer", role: "either", want: "tls"},
	{mode: "require", role: "either", want: "tls"},
	{mode: "verify-ca", role: "either", root: "right", want: "tls"},
	{mode: "verify-full", role: "either", root: "right", want: "tls"},

	{mode: "disable", role: "tlsonly", want: "28000"},
	{mode: "allow", role: "tlsonly", want: "tls"},
	{mode: "prefer", role: "tlsonly", want: "tls"},
	{mode: "require", role: "tlsonly", want: "tls"},
	{mode: "verify-ca", role: "tlsonly", root: "right", want: "tls"},
	{mode: "verify-full", role: "tlsonly", root: "right", want: "tls"},

	{mode: "disable", role: "plainonly", want: "plain"},
	{mode: "allow", role: "plainonly", want: "plain"},
	{mode: "prefer", role: "plainonly", want: "plain", pq: "28000", why: fallback},
	{mode: "require", role: "plainonly", want: "28000"},
	{mode: "verify-ca", role: "plainonly", root: "right", want: "28000"},
	{mode: "verify-full", role: "plainonly", root: "right", want: "28000"},

	{mode: "allow", role: "tlsonly", root: "unknown", want: "authority"},
	{mode: "prefer", role: "either", root: "unknown", want: "plain"},
	{mode: "prefer", role: "tlsonly", root: "unknown", want: "28000"},
	{mode: "require", role: "either", root: "unknown", want: "authority"},
	{mode: "verify-ca", role: "either", root: "unknown", want: "authority"},
	{mode: "verify-full", role: "either", root: "unknown", want: "authority"},

	{mode: "prefer", role: "either", root: "right", host: "other.test", want: "tls"},
	{mode: "require", role: "either", root: "right", host: "other.test", want: "tls"},
	{mode: "verify-ca", role: "either", root: "right", host: "other.test", want: "tls"},
	{mode: "verify-full", role: "either", root: "right", host: "other.test", want: "name"},
	{mode: "verify-full", role: "either", root: "right", more: "sslsni=0", want: "tls"},
	{mode: "verify-full", role: "either", root: "right", host: "other.test", more: "sslsni=0", want: "name"},

	{mode: "require", role: "either", root: "missing", want: "tls"},
	{mode: "verify-ca", role: "either", root: "missing", want: "file"},
	{mode: "verify-full", role: "either", root: "missing", want: "file"},
	{mode: "verify-ca", role: "either", want: "file", pq: "authority", why: systemCAWeak},
	{mode: "verify-full", role: "either", want: "authority", libpq: "file", why: systemCA},

	{mode: "disable", role: "cert", client: "right", want: "28000"},
	{mode: "allow", role: "cert", client: "right", want: "tls"},
	{mode: "prefer", role: "cert", client: "right", want: "tls"},
	{mode: "require", role: "cert", client: "right", want: "tls"},
	{mode: "verify-ca", role: "cert", root: "right", client: "right", want: "tls"},
	{mode: "verify-full", role: "cert", root: "right", client: "right", want: "tls"},

	{mode: "allow", role: "cert", want: "28000"},
	{mode: "prefer", role: "cert", want: "28000"},
	{mode: "require", role: "cert", want: "28000"},
	{mode: "verify-full", role: "cert", root: "right", want: "28000"},

	{mode: "require", role: "cert", client: "unknown", want: "cut"},
	{mode: "verify-full", role: "either", root: "right", client: "unknown", want: "cut"},
	{mode: "prefer", role: "either", client: "unknown", want: "cut"},
	{mode: "require", role: "cert", client: "unknown", more: "ssl_max_protocol_version=TLSv1.2", want: "cut"},
	// With TLS 1.2 the server refuses the certificate in the handshake, with 1.3 after it.
	{
		mode: "prefer", role: "either", client: "unknown", more: "ssl_max_protocol_version=TLSv1.2", want: "plain",
		pq: "cut", why: "lib/pq leaves the handshake to its first write, when it is too late to go on without",
	},
	{mode: "require", role: "either", client: "exposed", want: "key"},
	{mode: "prefer", role: "either", client: "exposed", want: "plain"},
}

func (c modeCase) String() string {
	return strings.Join([]string{c.mode, c.role, "root:" + c.root, "client:" + c.client, c.host, c.more}, ",")
}

// TestTLSWithPostgreSQL runs on one server, since a start takes seconds. The table holds our outcomes against lib/pq's and, where there is a psql, libpq's.
func TestTLSWithPostgreSQL(t *testing.T) {
	t.Setenv("HOME", t.TempDir()) // no ~/.postgresql
	ca, stranger := newAuthority(t, "ca", nil), newAuthority(t, "stranger", nil)
	on, off := startTLSServer(t, ca), serverAt(t, pgtest.Test(t).URL())
	files := clientFiles(t, ca, stranger)
	t.Run("Unix socket", func(t *testing.T) { unixSocketIsPlain(t, on) })
	t.Run("IPv6", func(t *testing.T) { ipv6Literal(t, on, files["root right"]) })
	t.Run("several hosts", func(t *testing.T) { severalHosts(t, on, files["root right"]) })
	t.Run("renewed files", func(t *testing.T) { renewedFiles(t, on, ca, stranger) })
	t.Run("default files", func(t *testing.T) { defaultFiles(t, on, ca, stranger) })
	t.Run("inline", func(t *testing.T) { inlineTexts(t, on, ca) })
	t.Run("intermediate", func(t *testing.T) { intermediateAuthority(t, on, ca) })
	t.Run("context", func(t *testing.T) { contextEndsAfterDial(t, on, files["root right"]) })
	t.Run("peek", func(t *testing.T) { peekBelowTLS(t, on) })
	t.Run("direct", func(t *testing.T) { directIsRefusedBefore17(t, on) })
	t.Run("two round trips", func(t *testing.T) { twoRoundTrips(t, on, files["root right"]) })
	psql := findPsql()
	for _, c := range modeCases {
		t.Run(c.String(), func(t *testing.T) {
			server, role := on, c.role
			if role == "off" {
				server, role = off, "postgres"
			}
			host := serverName
			if c.host != "" {
				host = c.host
			}
			dsn := server.settings(role, host, "sslmode="+c.mode, files["root "+c.root], files["client "+c.client], c.more)
			how, err := try(t.Context(), dsn)
			if got := outcome(how, err); got != c.want {
				t.Errorf("%s (%v), want %s", got, err, c.want)
			}
			how, err = tryPQ(t.Context(), dsn)
			if got, want := outcome(how, err), orSame(c.pq, c.want); got != want {
				t.Errorf("lib/pq: %s (%v), want %s", got, err, want)
			}
			if psql == "" {
				return
			}
			if got, want := tryLibpq(t.Context(), psql, dsn), orSame(c.libpq, c.want); got != want {
				t.Errorf("libpq: %s, want %s", got, want)
			}
		})
	}
}

func orSame(other, want string) string {
	if other != "" {
		return other
	}
	return want
}

// clientFiles are settings by what they stand for.
func clientFiles(t *testing.T, ca, stranger *authority) map[string]string {
	dir := t.TempDir()
	cert, key := ca.leaf(t, "client")
	badCert, badKey := stranger.leaf(t, "client")
	exposed := write(t, dir, "exposed.key", key)
	must(t, os.Chmod(exposed, 0o644))
	pair := func(cert, key string) string { return "sslcert=" + cert + " sslkey=" + key }
	right := write(t, dir, "client.crt", cert)
	return map[string]string{
		"root right":     "sslrootcert=" + write(t, dir, "ca.crt", ca.pem),
		"root unknown":   "sslrootcert=" + write(t, dir, "stranger.crt", stranger.pem),
		"root missing":   "sslrootcert=" + filepath.Join(dir, "missing.crt"),
		"client right":   pair(right, write(t, dir, "client.key", key)),
		"client unknown": pair(write(t, dir, "bad.crt", badCert), write(t, dir, "bad.key", badKey)),
		"client exposed": pair(right, exposed),
	}
}
