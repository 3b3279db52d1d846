package pgconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"unicode"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// security is what sslmode and the settings beside it ask for. It is safe for concurrent use. It may hold a private key,
// so it is never printed.
type security struct {
	mode     pq.SSLMode
	direct   bool // TLS from the first byte on
	sni      bool
	min, max uint16    // TLS versions; 0 is crypto/tls's default
	files    tlsFiles  // read at each dial, because certificates are renewed while a service runs
	inline   *material // in place of the files
}

// encryption is one way to try a server.
type encryption int

const (
	plain         encryption = iota
	opportunistic            // TLS; without it, on the same connection, if the server has none
	encrypted
)

// newSecurity checks all that can be wrong without looking at a file or the network.
func newSecurity(cfg *pq.Config) (*security, error) {
	s := &security{
		mode: cfg.SSLMode, sni: cfg.SSLSNI,
		files: tlsFiles{cert: cfg.SSLCert, key: cfg.SSLKey, root: cfg.SSLRootCert},
	}
	if s.mode == "" {
		s.mode = pq.SSLModeRequire // lib/pq's default
	}
	if err := checkMode(s.mode); err != nil {
		return nil, err
	}
	var err error
	if s.direct, err = parseNegotiation(cfg.SSLNegotiation, s.mode); err != nil {
		return nil, err
	}
	if s.files.root == systemRoots && s.mode != pq.SSLModeVerifyFull {
		// As anybody can get a certificate for a name of his own, only the name tells (libpq, fe-connect.c).
		return nil, errors.New("sslrootcert=system needs sslmode=verify-full")
	}
	if s.min, s.max, err = parseVersions(cfg.SSLMinProtocolVersion, cfg.SSLMaxProtocolVersion); err != nil {
		return nil, err
	}
	if err := s.checkNames(cfg); err != nil {
		return nil, err
	}
	if cfg.SSLInline && s.mode != pq.SSLModeDisable {
		s.inline, err = inlineMaterial(s.files, s.mode)
		s.files = tlsFiles{}
	}
	return s, err
}

func checkMode(mode pq.SSLMode) error {
	switch mode {
	case pq.SSLModeDisable, pq.SSLModeAllow, pq.SSLModePrefer, pq.SSLModeRequire, pq.SSLModeVerifyCA, pq.SSLModeVerifyFull:
		return nil
	}
	if strings.HasPrefix(string(mode), "pqgo-") {
		return errors.New("sslmode=pqgo-... names a TLS configuration that was registered with lib/pq, where it cannot be read from; " +
			"use sslmode=verify-full with sslrootcert, sslcert and sslkey")
	}
	return errors.New("sslmode must be disable, allow, prefer, require, verify-ca or verify-full")
}

func parseNegotiation(n pq.SSLNegotiation, mode pq.SSLMode) (direct bool, err error) {
	switch n {
	case "", pq.SSLNegotiationPostgres:
		return false, nil
	case pq.SSLNegotiationDirect:
		switch mode {
		case pq.SSLModeDisable, pq.SSLModeAllow, pq.SSLModePrefer:
			return false, errors.New("sslnegotiation=direct needs sslmode=require, verify-ca or verify-full")
		}
		return true, nil
	}
	return false, errors.New("sslnegotiation must be postgres or direct")
}

func parseVersions(lowest, highest pq.SSLProtocolVersion) (low, high uint16, err error) {
	low, okLow := tlsVersion(lowest)
	high, okHigh := tlsVersion(highest)
	if !okLow || !okHigh {
		return 0, 0, errors.New("ssl_min_protocol_version and ssl_max_protocol_version must be TLSv1.0, TLSv1.1, TLSv1.2 or TLSv1.3")
	}
	if low != 0 && high != 0 && low > high {
		return 0, 0, errors.New("ssl_min_protocol_version is above ssl_max_protocol_version")
	}
	return low, high, nil
}

func tlsVersion(v pq.SSLProtocolVersion) (version uint16, ok bool) {
	switch v {
	case "":
		return 0, true
	case pq.SSLProtocolVersionTLS10:
		return tls.VersionTLS10, true
	case pq.SSLProtocolVersionTLS11:
		return tls.VersionTLS11, true
	case pq.SSLProtocolVersionTLS12:
		return tls.VersionTLS12, true
	case pq.SSLProtocolVersionTLS13:
		return tls.VersionTLS13, true
	}
	return 0, false
}

func (s *security) checkNames(cfg *pq.Config) error {
	if s.mode != pq.SSLModeVerifyFull {
		return nil
	}
	for _, e := range endpoints(cfg) {
		if e.network == "tcp" && e.host == "" {
			return errors.New("sslmode=verify-full checks the server's name; give host beside each hostaddr")
		}
	}
	return nil
}

// attempts are the encryptions to try for one server, in order; see [fallsBack] for when to go on to the next. A
// Unix socket has none to offer and needs none.
func (s *security) attempts(e endpoint) []encryption {
	if e.network == "unix" {
		return []encryption{plain}
	}
	switch s.mode {
	case pq.SSLModeDisable:
		return []encryption{plain}
	case pq.SSLModeAllow:
		return []encryption{plain, encrypted}
	case pq.SSLModePrefer:
		return []encryption{opportunistic, plain}
	default:
		return []encryption{encrypted}
	}
}

// fallsBack reports whether err, from dial or from the start-up on what dial returned, leaves the next of attempts
// worth trying. The rules are libpq's: a server that cannot be reached is not dialled twice, an error that it sent
// is reason to try the other way, and so is, for opportunistic, TLS that fails.
func fallsBack(enc encryption, err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	return is[*pq.Error](err) || enc == opportunistic && is[*tlsError](err)
}

// tlsError says that TLS could not be set up with a server that may be fine without.
type tlsError struct{ err error }

func (e *tlsError) Error() string { return "TLS: " + e.err.Error() }

// Unwrap returns the cause: the file's, crypto/tls's, or x509's inside a *tls.CertificateVerificationError.
func (e *tlsError) Unwrap() error { return e.err }

// dial connects to e and does TLS as enc says. raw is the socket, conn what the protocol is spoken on: TLS on raw, or raw
// itself. ctx bounds everything; afterwards it has no effect on the connection. On error nothing is left open.
//
// What the server says before TLS is set up may be anybody's word on the network. An error that it sends then is
// reported as a *pq.Error nevertheless, of its main fields and without unprintable characters, since servers and
// poolers that are full or starting say so there.
func (s *security) dial(ctx context.Context, e endpoint, enc encryption, opts socketOptions) (conn, raw net.Conn, err error) {
	var config *tls.Config
	if enc != plain {
		if config, err = s.config(e.host); err != nil {
			return nil, nil, &tlsError{err}
		}
	}
	raw, err = opts.dial(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	if enc == plain {
		return raw, raw, nil
	}
	err = bounded(ctx, raw, func() error {
		conn, err = s.secure(raw, enc, config)
		return err
	})
	if err != nil {
		_ = raw.Close()
		return nil, nil, err
	}
	return conn, raw, nil
}

// secure makes raw a TLS connection, or returns raw itself when the server has no TLS and enc can do without.
func (s *security) secure(raw net.Conn, enc encryption, config *tls.Config) (net.Conn, error) {
	if !s.direct {
		offered, err := requestTLS(raw)
		if err != nil {
			return nil, err
		}
		if !offered && enc == opportunistic {
			return raw, nil
		}
		if !offered {
			return nil, pq.ErrSSLNotSupported
		}
	}
	client := tls.Client(raw, config)
	err := client.Handshake()
	if err == nil && s.direct && client.ConnectionState().NegotiatedProtocol != alpnProtocol {
		err = errors.New("the server did not agree on the protocol " + alpnProtocol)
	}
	if err != nil && s.direct {
		err = fmt.Errorf("%w (sslnegotiation=direct needs PostgreSQL 17 or later)", err)
	}
	if err != nil {
		return nil, &tlsError{err}
	}
	return client, nil
}

// requestTLS sends an SSLRequest (PostgreSQL manual, section 54.2.10). Of the answer it reads one byte and no more:
// what came behind it before the handshake is not the server's, and must reach the handshake, which it breaks
// (CVE-2021-23222).
func requestTLS(raw net.Conn) (offered bool, err error) {
	const sslRequest = 80877103 // 1234<<16 | 5679
	request := binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, sslRequest)
	if _, err := raw.Write(request); err != nil {
		return false, fmt.Errorf("asking for TLS: %w", err)
	}
	var answer [1]byte
	if _, err := io.ReadFull(raw, answer[:]); err != nil {
		return false, fmt.Errorf("asking for TLS: %w", err)
	}
	switch answer[0] {
	case 'S':
		return true, nil
	case 'N':
		return false, nil
	case msgErrorResponse:
		return false, refusal(raw)
	}
	return false, fmt.Errorf("asking for TLS: the answer begins with %q; is this a PostgreSQL server?", answer[:])
}

const (
	maxRefusal     = 30000 // bytes; libpq's MAX_ERRLEN, fe-connect.c
	maxRefusalText = 1000  // characters shown
)

// refusal reads the rest of an ErrorResponse that came in place of an answer. A server that cannot start a process
// sends a text that ends with a zero byte (src/backend/postmaster/postmaster.c, report_fork_failure_to_client).
func refusal(r io.Reader) error {
	r = io.LimitReader(r, maxRefusal)
	head := make([]byte, 4)
	if _, err := io.ReadFull(r, head); err != nil {
		return fmt.Errorf("asking for TLS: the server sent a part of an error: %w", err)
	}
	e := &pq.Error{}
	if length := binary.BigEndian.Uint32(head); length >= 8 && length <= maxRefusal {
		body := make([]byte, length-4)
		if _, err := io.ReadFull(r, body); err != nil {
			return fmt.Errorf("asking for TLS: the server sent a part of an error: %w", err)
		}
		var err error
		if e, err = parseError(body); err != nil {
			return fmt.Errorf("asking for TLS: %w", err)
		}
	} else {
		e.Severity, e.Message = pqerror.SeverityFatal, string(head)+readText(r)
	}
	return fmt.Errorf("asking for TLS: %w", &pq.Error{
		Severity: printable(e.Severity), Code: pqerror.Code(printable(string(e.Code))), Message: printable(e.Message),
	})
}

// readText reads up to a zero byte or the end.
func readText(r io.Reader) string {
	var text []byte
	var one [1]byte
	for {
		if _, err := io.ReadFull(r, one[:]); err != nil || one[0] == 0 {
			return string(text)
		}
		text = append(text, one[0])
	}
}

func printable(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s))
	if runes := []rune(s); len(runes) > maxRefusalText {
		return string(runes[:maxRefusalText])
	}
	return s
}

// alpnProtocol is what PostgreSQL 17 demands with sslnegotiation=direct; libpq 17 sends it always, so that the
// connection cannot be led to a server of another protocol with the same certificate.
const alpnProtocol = "postgresql"

// config makes what crypto/tls needs for a server of the name host.
func (s *security) config(host string) (*tls.Config, error) {
	m := s.inline
	if m == nil {
		var err error
		if m, err = s.files.load(s.mode); err != nil {
			return nil, err
		}
	}
	c := &tls.Config{
		// crypto/tls can only check everything, and only the name that it sends; verifyServer checks what is asked for.
		InsecureSkipVerify: true,
		MinVersion:         s.min,
		MaxVersion:         s.max,
		NextProtos:         []string{alpnProtocol},
	}
	if s.sni {
		c.ServerName = host // crypto/tls sends no IP address
	}
	if m.verify {
		name := ""
		if s.mode == pq.SSLModeVerifyFull {
			name = host
		}
		c.VerifyConnection = func(state tls.ConnectionState) error {
			return verifyServer(state.PeerCertificates, m.roots, name)
		}
	}
	if m.client != nil {
		// Not Certificates: crypto/tls keeps those back when the server names only the root of their issuer.
		c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return m.client, nil }
	}
	return c, nil
}

// verifyServer checks the server's chain against roots, nil for the system's, and its name unless name is empty.
func verifyServer(chain []*x509.Certificate, roots *x509.CertPool, name string) error {
	opts := x509.VerifyOptions{Roots: roots, DNSName: name, Intermediates: x509.NewCertPool()}
	for _, c := range chain[1:] {
		opts.Intermediates.AddCert(c)
	}
	if _, err := chain[0].Verify(opts); err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: chain, Err: err}
	}
	return nil
}
