package pgserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// local is a server made from the binaries of this machine.
type local struct {
	opts Options
	bin  string // "" = the newest that is installed
}

func (c *local) label() string { return "local://" + c.bin }

func (c *local) key() (string, error) {
	if err := c.resolve(); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte("local " + c.bin))
	return fmt.Sprintf("local-%x", sum[:6]), nil
}

// startTries is how often a port is chosen: another process can take it between our look and the server's bind. A server that
// fails for another reason fails as fast every time.
const startTries = 3

// startTimeout bounds the wait for a server that neither answers nor exits.
const startTimeout = 60 * time.Second

func (c *local) start(ctx context.Context, shared bool) (*Server, error) {
	if err := c.resolve(); err != nil {
		return nil, err
	}
	acc, err := account.ForServer()
	if err != nil {
		return nil, err
	}
	r, err := openRegistry()
	if err != nil {
		return nil, err
	}
	if err := r.sweep(ctx, c.opts.logf); err != nil {
		return nil, err
	}
	e, err := r.add(ctx)
	if err != nil {
		return nil, err
	}
	s, err := c.startIn(ctx, r, e, acc, shared)
	if err != nil {
		return nil, errors.Join(err, e.discard())
	}
	return s, nil
}

// resolve settles which binaries are meant.
func (c *local) resolve() error {
	if c.bin != "" {
		return checkBinaries(c.bin)
	}
	bin, err := findBinaries()
	c.bin = bin
	return err
}

func (c *local) startIn(ctx context.Context, r *registry, e *entry, acc account.Account, shared bool) (*Server, error) {
	// The path stays short, because a Unix socket's is limited to 103 bytes on macOS.
	left := &localLeftover{Dir: filepath.Join(serverParent(), dirPrefix+e.id)}
	if err := e.record(localFile, left); err != nil {
		return nil, err
	}
	if err := makeServerDir(left, acc); err != nil {
		return nil, err
	}
	templates := c.opts.Templates && !shared
	var last error
	for range startTries {
		cluster, err := r.dataDir(ctx, c.bin, left.data(), acc, templates)
		if err != nil {
			return nil, errors.Join(last, err)
		}
		s, err := c.launch(ctx, left, acc, e, shared)
		if err == nil && templates {
			s.keepCluster = func(ctx context.Context) error { return r.keep(ctx, cluster, left.data()) }
		}
		if err == nil || ctx.Err() != nil {
			return s, err
		}
		last = err
		if err := errors.Join(r.forget(ctx, cluster), os.RemoveAll(left.data())); err != nil {
			return nil, errors.Join(last, err)
		}
	}
	return nil, last
}

// makeServerDir makes the directory that holds everything of the server. Its parents belong to us and need only be passable;
// what is inside is the server account's alone.
func makeServerDir(left *localLeftover, acc account.Account) error {
	if err := os.Mkdir(left.Dir, 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(left.sockets(), 0o700); err != nil {
		return err
	}
	return errors.Join(acc.Own(left.sockets()), acc.Own(left.Dir))
}

// launch starts postgres once, gives its superuser a random password, and connects.
func (c *local) launch(ctx context.Context, left *localLeftover, acc account.Account, e *entry, shared bool) (s *Server, err error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("no answer within %v", startTimeout))
	defer cancel()
	p, err := spawn(filepath.Join(c.bin, "postgres"), postgresArgs(left, port), left, acc, shared)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s/postgres did not come up: %w", c.bin, errors.Join(err, p.quit(context.WithoutCancel(ctx))))
		}
	}()
	password := randomHex(16)
	// Through the socket, which asks for no password and which only root and the server's account can reach.
	q := url.Values{"host": {left.sockets()}, "sslmode": {"disable"}, "user": {superuser}, "port": {strconv.Itoa(port)}}
	if err := setPassword(ctx, "postgres:///postgres?"+q.Encode(), password, p.gone); err != nil {
		return nil, err
	}
	s, err = connect(ctx, ourURL(net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), password), p.gone)
	if err != nil {
		return nil, err
	}
	s.where, s.owned, s.entry = "from "+c.bin, true, e
	s.whole = !shared
	s.stop = func() error {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if s.keepCluster != nil && s.kept.Load() && p.shutDown(ctx) {
			_ = s.keepCluster(ctx) // else it is filled again the next time
		}
		return errors.Join(p.quit(ctx), e.discard())
	}
	return s, nil
}

// setPassword gives the superuser of the server at url its password, once the server answers.
func setPassword(ctx context.Context, url, password string, giveUp func(error) error) error {
	s, err := connect(ctx, url, giveUp)
	if err != nil {
		return err
	}
	defer s.admin.Close()
	_, err = s.admin.ExecContext(ctx, "ALTER ROLE "+superuser+" PASSWORD "+pq.QuoteLiteral(password))
	return err
}

// freePort returns a TCP port that nobody listened on a moment ago.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// serverSettings make a server that loses its data in a crash and is fast for it. Its databases live too short for autovacuum, which would
// only get in the way of DDL ("tuple concurrently updated").
var serverSettings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=200", "timezone=UTC", "max_wal_size=256MB",
}

func postgresArgs(left *localLeftover, port int) []string {
	args := []string{"-D", left.data()}
	for _, s := range append([]string{
		"port=" + strconv.Itoa(port),
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=" + left.sockets(),
		// In the data directory, so that a server that was killed leaves nothing in /dev/shm.
		"dynamic_shared_memory_type=mmap",
	}, serverSettings...) {
		args = append(args, "-c", s)
	}
	return args
}
