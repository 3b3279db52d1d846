package pgtest

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// PgBouncer starts a PgBouncer in transaction mode with two connections to the server of a URL, and returns the URL that goes
// through it. It ends with the test, which is skipped where PgBouncer is not installed. settings are lines of its file.
func PgBouncer(tb testing.TB, raw string, settings ...string) string {
	tb.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		tb.Skip("pgbouncer is not installed; on Debian: apt-get install pgbouncer")
	}
	server, err := url.Parse(raw)
	if err != nil {
		tb.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	address := listener.Addr().(*net.TCPAddr)
	_ = listener.Close()
	dir, err := os.MkdirTemp("", "plinth-pgbouncer-") // the parents of tb.TempDir are closed to other users
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	password, _ := server.User.Password()
	ini := fmt.Sprintf("[databases]\n* = host=%s port=%s user=%s password='%s' pool_size=2\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"unix_socket_dir =\nauth_type = any\npool_mode = transaction\n%s\n", server.Hostname(), server.Port(), server.User.Username(), password, address.Port, strings.Join(settings, "\n"))
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := errors.Join(os.WriteFile(file, []byte(ini), 0o644), os.Chmod(dir, 0o755)); err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(program, "-q", file)
	owner, err := account.ForServer() // it refuses to run as root, too
	if err != nil {
		tb.Fatal(err)
	}
	cmd.SysProcAttr = owner.Attributes()
	var output strings.Builder
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if tb.Failed() {
			tb.Logf("pgbouncer said: %s", output.String())
		}
	})
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", address.String())
		if err == nil {
			_ = conn.Close()
			break
		}
		if time.Now().After(end) {
			tb.Fatalf("pgbouncer does not start: %v", err)
		}
	}
	server.Host = address.String()
	server.User = url.User(server.User.Username())
	return server.String()
}
