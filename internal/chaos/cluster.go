package chaos

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// Cluster is a PostgreSQL server of the test's own, which it may kill, stop, restart and promote. It writes to disk like a real
// one: fsync is on, so that what was acknowledged survives the server's death. Its methods are for one goroutine at a time.
type Cluster struct {
	bin     string
	dir     string // holds data, sockets and log
	port    int
	owner   account.Account
	process *exec.Cmd
	ended   chan struct{} // closed when the postmaster was reaped
	stopped []int         // processes that are held by SIGSTOP
}

// clusterPatience bounds what a cluster is waited for.
const clusterPatience = 60 * time.Second

// NewCluster makes and starts a server from the binaries in bin (see [Binaries]). Close removes it.
func NewCluster(ctx context.Context, bin string) (*Cluster, error) {
	c, err := newCluster(bin)
	if err != nil {
		return nil, err
	}
	err = c.run(ctx, "initdb", "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata="+c.data())
	if err == nil {
		err = c.Start(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Binaries is the directory of the newest server installed in the usual place of Debian's packages, or on PATH.
func Binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(found, func(a, b string) int { return major(a) - major(b) })
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	p, err := exec.LookPath("initdb")
	if err != nil {
		return "", fmt.Errorf("chaos: no server binaries to make a cluster from; on Debian: apt-get install postgresql: %w", err)
	}
	return filepath.Dir(p), nil
}

func major(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

func newCluster(bin string) (*Cluster, error) {
	c := &Cluster{bin: bin}
	var err error
	if c.owner, err = account.ForServer(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "plinth-chaos"); err != nil {
		return nil, err
	}
	if err := c.owner.Own(c.dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(c.dir))
	}
	defer l.Close()
	c.port = l.Addr().(*net.TCPAddr).Port
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Address is where the server listens.
func (c *Cluster) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

// URL is the connection string of its maintenance database.
func (c *Cluster) URL() string {
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: c.Address(), Path: "/postgres", RawQuery: "sslmode=disable"}
	return u.String()
}

// Open returns a pool on the server, past every proxy.
func (c *Cluster) Open() (*sql.DB, error) {
	connector, err := pq.NewConnector(c.URL() + "&connect_timeout=5")
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	runAs(c.owner, cmd)
	return cmd
}

func (c *Cluster) run(ctx context.Context, name string, args ...string) error {
	cmd := c.command(name, args...)
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("chaos: %s: %w: %s", name, err, out)
	}
	return nil
}

// Start starts the server and waits until it takes connections.
func (c *Cluster) Start(ctx context.Context) error {
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c.process = c.command("postgres", "-D", c.data(), "-k", c.dir, "-c", "port="+strconv.Itoa(c.port),
		"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "dynamic_shared_memory_type=mmap")
	c.process.Stdout, c.process.Stderr = log, log
	if err := c.spawn(); err != nil {
		return err
	}
	return c.await(ctx)
}

// spawn starts the postmaster from a thread that lives as long as it: Linux ends a child when the thread that made it ends.
func (c *Cluster) spawn() error {
	process, ended, started := c.process, make(chan struct{}), make(chan error)
	c.ended = ended
	go func() {
		defer close(ended)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := process.Start()
		started <- err
		if err == nil {
			_ = process.Wait()
		}
	}()
	return <-started
}

// await waits until the server answers.
func (c *Cluster) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, clusterPatience)
	defer cancel()
	db, err := c.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-c.ended:
			return fmt.Errorf("chaos: the server exited; the end of its log:\n%s", c.log())
		case <-ctx.Done():
			return fmt.Errorf("chaos: the server does not answer: %w", err)
		case <-time.After(alonePoll):
		}
	}
}

func (c *Cluster) log() []byte {
	f, err := os.ReadFile(filepath.Join(c.dir, "log"))
	if err != nil {
		return nil
	}
	lines := bytes.Split(bytes.TrimSpace(f), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-20):], []byte("\n"))
}

// Close ends the server and removes everything of it. It is harmless twice.
func (c *Cluster) Close() error {
	c.Continue()
	if c.process != nil && c.process.Process != nil {
		c.end(immediateShutdown)
	}
	return os.RemoveAll(c.dir)
}

// end sends the postmaster a signal and waits for its end; one that takes too long is killed.
func (c *Cluster) end(sig os.Signal) {
	_ = c.process.Process.Signal(sig)
	select {
	case <-c.ended:
	case <-time.After(clusterPatience):
		_ = c.process.Process.Kill()
		<-c.ended
	}
}

// children are the postmaster's processes whose title contains the text; client backends are told by the form
// "postgres: user database host(port) activity".
func (c *Cluster) children(title string) ([]int, error) {
	all, err := os.ReadDir("/proc")
	if err != nil {
		return nil, fmt.Errorf("chaos: processes can be told on Linux only: %w", err)
	}
	var pids []int
	for _, e := range all {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || parent(pid) != c.process.Process.Pid {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		if strings.Contains(string(line), title) {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

func parent(pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name before it ends here
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.Atoi(fields[1])
	return n
}

// serverProcess reports whether pid is still a process of a PostgreSQL server, and not another program that got its number.
func serverProcess(pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && strings.HasPrefix(string(line), "postgres: ")
}
