package pgconn

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/lib/pq"
)

// systemRoots in place of a file means the certificate authorities that the system trusts.
const systemRoots = "system"

// tlsFiles are the settings sslcert, sslkey and sslrootcert; empty is the file in ~/.postgresql.
type tlsFiles struct{ cert, key, root string }

// material is what the files hold.
type material struct {
	client *tls.Certificate // nil without one
	roots  *x509.CertPool   // nil is the system's
	verify bool             // the server's certificate, against roots
}

// load reads the files by libpq's rules (PostgreSQL manual, section 34.19): a missing client certificate is none; a
// missing sslrootcert is an error for verify-ca and verify-full, and no verification for the weaker modes, which
// verify like verify-ca where there is one. Without sslrootcert, verify-full falls back on the system's authorities,
// as lib/pq does, while verify-ca is refused: anybody can get a certificate of theirs.
//
// An error about a file that cannot be opened is an *fs.PathError. One about its content is not: the file may just
// be being renewed.
func (f tlsFiles) load(mode pq.SSLMode) (*material, error) {
	dir := settingsDir()
	m := &material{}
	authorities, err := f.loadRoots(m, mode, dir)
	if err != nil {
		return nil, err
	}
	return m, f.loadClient(m, authorities, dir)
}

// loadRoots returns the PEM text of the authorities, if there is any.
func (f tlsFiles) loadRoots(m *material, mode pq.SSLMode, dir string) ([]byte, error) {
	if f.root == systemRoots {
		m.verify = true
		return nil, nil
	}
	strict := mode == pq.SSLModeVerifyCA || mode == pq.SSLModeVerifyFull
	name := f.root
	if name == "" {
		name = inDir(dir, "root.crt")
	}
	if _, err := os.Stat(name); err != nil {
		switch {
		case f.root == "" && mode == pq.SSLModeVerifyFull:
			m.verify = true
			return nil, nil
		case f.root == "" && strict:
			return nil, fmt.Errorf("sslmode=%s needs sslrootcert, the authority to check the server's certificate against; "+
				"for the system's authorities use sslmode=verify-full: %w", mode, err)
		case strict, f.root != "" && !missing(err):
			return nil, fmt.Errorf("sslrootcert: %w", err)
		}
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("sslrootcert: %w", err)
	}
	return text, m.setRoots(text)
}

func (m *material) setRoots(text []byte) error {
	m.verify, m.roots = true, x509.NewCertPool()
	if !m.roots.AppendCertsFromPEM(text) {
		return errors.New("sslrootcert holds no certificate in PEM form")
	}
	return nil
}

func (f tlsFiles) loadClient(m *material, authorities []byte, dir string) error {
	cert, key := f.cert, f.key
	if cert == "" {
		cert = inDir(dir, "postgresql.crt")
	}
	if key == "" {
		key = inDir(dir, "postgresql.key")
	}
	if _, err := os.Stat(cert); err != nil {
		if f.cert == "" || missing(err) {
			return nil
		}
		return fmt.Errorf("sslcert: %w", err)
	}
	// The second look is for a pair that was being renewed at the first.
	err := m.readClient(cert, key, authorities)
	if err != nil && !is[*fs.PathError](err) {
		err = m.readClient(cert, key, authorities)
	}
	return err
}

func (m *material) readClient(cert, key string, authorities []byte) error {
	certText, err := os.ReadFile(cert)
	if err != nil {
		return fmt.Errorf("sslcert: %w", err)
	}
	keyText, err := readKey(key)
	if err != nil {
		return fmt.Errorf("sslkey: %w", err)
	}
	return m.setClient(certText, keyText, authorities)
}

// setClient also sends the intermediate ones of the authorities, so that a server that knows only the root can follow
// the chain; OpenSSL does so by itself.
func (m *material) setClient(cert, key, authorities []byte) error {
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return fmt.Errorf("sslcert and sslkey: %w", err)
	}
	pair.Certificate = append(pair.Certificate, intermediates(authorities)...)
	m.client = &pair
	return nil
}

func intermediates(text []byte) (list [][]byte) {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err == nil && c.IsCA && !bytes.Equal(c.RawIssuer, c.RawSubject) {
			list = append(list, block.Bytes)
		}
	}
	return list
}

// inlineMaterial reads settings that are PEM texts themselves (lib/pq's sslinline). The files in ~/.postgresql play no part.
func inlineMaterial(text tlsFiles, mode pq.SSLMode) (*material, error) {
	m := &material{}
	switch {
	case text.root == systemRoots, text.root == "" && mode == pq.SSLModeVerifyFull:
		m.verify = true
	case text.root != "":
		if err := m.setRoots([]byte(text.root)); err != nil {
			return nil, err
		}
	case mode == pq.SSLModeVerifyCA:
		return nil, errors.New("sslmode=verify-ca needs sslrootcert")
	}
	if text.cert == "" && text.key == "" {
		return m, nil
	}
	var authorities []byte
	if text.root != systemRoots {
		authorities = []byte(text.root)
	}
	return m, m.setClient([]byte(text.cert), []byte(text.key), authorities)
}

// readKey refuses a private key that others can read. What is checked is the file that is read.
func readKey(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if exposed(info) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: pq.ErrSSLKeyHasWorldPermissions}
	}
	return io.ReadAll(f)
}

// missing also knows a path that leads through a file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// settingsDir is where libpq looks for files that are not named, or empty when there is no home directory.
func settingsDir() string {
	if runtime.GOOS == "windows" {
		return inDir(os.Getenv("APPDATA"), "postgresql")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		u, err := user.Current()
		if err != nil {
			return ""
		}
		home = u.HomeDir
	}
	return inDir(home, ".postgresql")
}

func inDir(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}
