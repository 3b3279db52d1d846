package pgserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// closeTimeout bounds what Close does; it does not depend on the context of Start, which may be over.
const closeTimeout = 30 * time.Second

// Server is a PostgreSQL server, version 13 or later, in use by this process. Its methods are safe for concurrent use.
type Server struct {
	url     string // of the maintenance database, with the password
	where   string // "in Docker (postgres:17)"
	version string // "17.6"
	owned   bool
	major   int          // 17
	utf8    string       // what makes CREATE DATABASE ... TEMPLATE template0 give UTF8 here
	admin   *sql.DB      // on the maintenance database
	owner   string       // part of the names of this process's databases
	stop    func() error // gives back what start took; runs once, after the databases that must go are dropped
	entry   *entry       // nil for a given URL
	whole   bool         // stop takes the databases with it
	kept    atomic.Bool  // a template was filled, and that took a while
	// keepCluster stores the stopped server's data for servers to come; nil where they go with it.
	keepCluster func(context.Context) error

	mu        sync.Mutex // guards what follows; no statement runs under it
	databases map[string]*Database
	closed    bool

	closing  sync.Once
	closeErr error
}

// Start starts a server of this process's own, or connects to the given URL. The caller closes it. If ctx ends first, what
// was made until then is removed before Start returns. On Linux the server ends with the process, even by kill -9.
//
// The error is an *Error; a *NoServerError is found in it when the choice was automatic and nothing worked.
func Start(ctx context.Context, o Options) (*Server, error) {
	return first(ctx, o, func(c candidate) (*Server, error) { return c.start(ctx, false) })
}

// first returns the first server that get gets from the candidates.
func first(ctx context.Context, o Options, get func(candidate) (*Server, error)) (*Server, error) {
	list, chosen, err := o.candidates()
	if err != nil {
		return nil, wrap("choose a server", err)
	}
	var tried []Attempt
	for _, c := range list {
		s, err := get(c)
		if err == nil {
			o.logf("pgserver: using %s", s)
			return s, nil
		}
		if chosen || ctx.Err() != nil {
			return nil, wrap("start "+c.label(), err)
		}
		o.logf("pgserver: passed over %s: %v", c.label(), err)
		tried = append(tried, Attempt{URL: c.label(), Err: err})
	}
	return nil, wrap("start a server", &NoServerError{Tried: tried})
}

// URL is the connection string of the maintenance database, with the password in it: not for logs. For a server of ours the
// role is a superuser and sslmode is disable.
func (s *Server) URL() string { return s.url }

// String names the server for people, e.g. "PostgreSQL 17.6 in Docker (postgres:17)". It holds no password.
func (s *Server) String() string { return "PostgreSQL " + s.version + " " + s.where }

// Owned reports whether Plinth started the server. Only on such a one may statements run that reach beyond one database:
// roles, tablespaces, ALTER SYSTEM, COPY PROGRAM, databases. What they make on a shared server, every process that shares
// it sees; use Start where that matters.
func (s *Server) Owned() bool { return s.owned }

// Close gives the server back: it drops the databases that are left over, and stops and removes what Start made. A shared
// server goes when its last user closes it. Close is idempotent and waits for a Close under way; Drop of a database is
// harmless afterwards.
func (s *Server) Close() error {
	s.closing.Do(func() { s.closeErr = wrap("close "+s.String(), s.close()) })
	return s.closeErr
}

func (s *Server) close() error {
	s.mu.Lock()
	s.closed = true
	left := s.databases
	s.databases = nil
	s.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if s.keepCluster != nil && s.kept.Load() && !s.holdsNothingShared(ctx) {
		s.kept.Store(false)
	}
	var errs []error
	if !s.whole || s.keepCluster != nil && s.kept.Load() {
		for _, d := range left {
			errs = append(errs, s.drop(ctx, d.name))
		}
	}
	errs = append(errs, s.admin.Close())
	if s.stop != nil {
		errs = append(errs, s.stop())
	}
	return errors.Join(errs...)
}

// errClosed is what CreateDatabase says after Close.
var errClosed = errors.New("the server is closed")

// adminConns bounds what parallel tests take of the server's connections to make their databases.
const adminConns = 8

// connect waits until the server at url answers a query and returns a Server without a stop function. giveUp gets
// each failed try's error; what it returns, which says that waiting is in vain, ends the wait.
func connect(ctx context.Context, url string, giveUp func(error) error) (*Server, error) {
	connector, err := pq.NewConnector(url)
	if err != nil {
		return nil, errURL
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(adminConns)
	db.SetMaxIdleConns(2)
	s := &Server{url: url, admin: db, owner: randomHex(4), databases: map[string]*Database{}}
	if err := s.await(ctx, giveUp); err != nil {
		_ = db.Close()
		return nil, err
	}
	return s, nil
}

// connectPoll is the pause between two tries to reach a server that is starting.
const connectPoll = 10 * time.Millisecond

func (s *Server) await(ctx context.Context, giveUp func(error) error) error {
	for {
		err := s.inspect(ctx)
		if err == nil {
			return nil
		}
		if stop := giveUp(err); stop != nil {
			return stop
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w while connecting: %w", context.Cause(ctx), err)
		case <-time.After(connectPoll):
		}
	}
}

// inspect reads what the Server needs to know. template0's encoding is the server's default; where that is not UTF8, the
// locale may not fit UTF8, but C fits every encoding.
func (s *Server) inspect(ctx context.Context) error {
	var version, encoding string
	var number int
	err := s.admin.QueryRowContext(ctx, `SELECT current_setting('server_version'), current_setting('server_version_num')::int,
		pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'template0'`).Scan(&version, &number, &encoding)
	if err != nil {
		return err
	}
	s.major = number / 10000
	s.version, _, _ = strings.Cut(version, " ")
	s.utf8 = "ENCODING 'UTF8'"
	if encoding != "UTF8" {
		s.utf8 += " LC_COLLATE 'C' LC_CTYPE 'C'"
	}
	return nil
}

// ourURL is the URL of a server that this package started.
func ourURL(hostport, password string) string {
	u := url.URL{
		Scheme: "postgres", Host: hostport, Path: "/postgres", RawQuery: "sslmode=disable",
		User: url.UserPassword(superuser, password),
	}
	return u.String()
}

// superuser is the role that servers of ours have from initdb on.
const superuser = "postgres"
