package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/bench/away"
	"github.com/plinth-db/plinth/internal/pgserver"
)

// schema holds the benchmark's table. Its columns are text, so that pgbench can give the same statement the same kinds of
// arguments; Ent's Tag has a UUID there.
const schema = "plinth_bench"

const table = `DROP SCHEMA IF EXISTS plinth_bench CASCADE; CREATE SCHEMA plinth_bench;
CREATE TABLE plinth_bench.tags (id text PRIMARY KEY, name varchar(100) NOT NULL)`

// insert is what Ent makes of Tag.Create().SetName(name), letter by letter.
const insert = `INSERT INTO "tags" ("name", "id") VALUES ($1, $2)`

// server is what is measured against.
type server struct {
	admin    *sql.DB
	url      string // over TCP, with the benchmark's schema as search_path
	sockets  string // directory of its Unix socket
	port     string
	bin      string // directory of its programs
	settings string // in words
	stop     func() error
}

func startServer(ctx context.Context, raw string) (*server, error) {
	s := &server{stop: func() error { return nil }}
	if raw == "" {
		started, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
		if err != nil {
			return nil, err
		}
		raw, s.stop = started.URL(), started.Close
	}
	if err := s.prepare(ctx, raw); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *server) prepare(ctx context.Context, raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("-url: it cannot be parsed as a URL") // it may hold a password
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	s.url = u.String()
	connector, err := pq.NewConnector(s.url)
	if err != nil {
		return err
	}
	s.admin = sql.OpenDB(connector)
	if _, err := s.admin.ExecContext(ctx, table); err != nil {
		return err
	}
	return s.describe(ctx)
}

// shown are the settings that decide the figures.
var shown = []string{"server_version", "synchronous_commit", "fsync", "full_page_writes", "wal_level", "shared_buffers", "max_connections"}

func (s *server) describe(ctx context.Context) error {
	for _, name := range shown {
		var value string
		if err := s.admin.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return err
		}
		s.settings += fmt.Sprintf("%s=%s ", name, value)
	}
	s.settings = "Server: " + s.settings
	var sockets string
	err := s.admin.QueryRowContext(ctx, `SELECT current_setting('unix_socket_directories'), current_setting('port'),
		(SELECT setting FROM pg_config WHERE name = 'BINDIR')`).Scan(&sockets, &s.port, &s.bin)
	s.sockets, _, _ = strings.Cut(sockets, ",")
	return err
}

// through is the URL for a transport.
func (s *server) through(transport string) (raw string, stop func(), err error) {
	u, err := url.Parse(s.url)
	if err != nil {
		return "", nil, err
	}
	switch transport {
	case "tcp":
		return s.url, func() {}, nil
	case "unix":
		q := u.Query()
		q.Set("host", s.sockets)
		q.Set("port", s.port)
		u.Host, u.RawQuery = "", q.Encode()
		return u.String(), func() {}, nil
	}
	there, err := time.ParseDuration(transport)
	if err != nil {
		return "", nil, fmt.Errorf("-transport: %q is not tcp, unix or a duration", transport)
	}
	address, stop, err := away.Start(u.Host, there/2)
	u.Host = address
	return u.String(), stop, err
}

// empty keeps the table from growing over the turns.
func (s *server) empty(ctx context.Context) error {
	_, err := s.admin.ExecContext(ctx, "TRUNCATE tags")
	return err
}

func (s *server) close() error {
	_, err := s.admin.ExecContext(context.Background(), "DROP SCHEMA IF EXISTS plinth_bench CASCADE")
	return errors.Join(err, s.admin.Close(), s.stop())
}

// versions are what was measured.
func versions() string {
	line := fmt.Sprintf("Client: %s %s/%s, GOMAXPROCS %d;", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0))
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return line
	}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/lib/pq", "github.com/jackc/pgx/v5", "github.com/cockroachdb/cockroach-go/v2", "entgo.io/ent":
			line += " " + m.Path + " " + m.Version
		}
	}
	return line
}
