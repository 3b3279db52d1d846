package pgserver

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// given is a server that somebody else runs. Its role needs CREATEDB and nothing more.
//
// Databases there are removed by an owner rule of their own: a Server keeps one session that holds an advisory lock on the
// number that its databases' names begin with. PostgreSQL drops the lock with the session, so a database without a lock
// belongs to nobody and the next start drops it. The drop is without FORCE: one that somebody is connected to stays, even
// if its owner's session was lost. Through a pooler in transaction mode there are no sessions to hold locks; give the
// server's own address.
type given struct {
	opts Options
	url  string
	host string
}

// errURL replaces the cause of a failed parse, which may quote a part of the password.
var errURL = errors.New("it is no connection string; in user and password, percent-encode every character but letters, digits and -._~")

var errParameters = errors.New("a parameter in it is unknown or has a bad value; check what follows the question mark, and the PG* variables")

// givenTimeout bounds the first answer of a given server.
const givenTimeout = 15 * time.Second

func parseGiven(raw string, o Options) (*given, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, errURL
	}
	if _, err := pq.NewConnector(raw); err != nil {
		return nil, errParameters
	}
	host := u.Host
	if host == "" {
		host = u.Query().Get("host")
	}
	return &given{opts: o, url: raw, host: host}, nil
}

func (c *given) label() string { return "postgres://" + c.host }

// key is not asked for: a given server is shared as it is.
func (c *given) key() (string, error) { return "given", nil }

func (c *given) start(ctx context.Context, _ bool) (*Server, error) {
	limited, cancel := context.WithTimeoutCause(ctx, givenTimeout, fmt.Errorf("no answer within %v", givenTimeout))
	defer cancel()
	// One try: a given server is expected to be up.
	s, err := connect(limited, c.url, func(err error) error { return err })
	if err != nil {
		return nil, fmt.Errorf("cannot connect; check host, port, role and password, and that the server runs: %w", err)
	}
	s.where = "at " + c.host
	guard, err := s.guard(ctx)
	if err != nil {
		return nil, errors.Join(err, s.admin.Close())
	}
	s.stop = guard
	if err := s.sweepDatabases(ctx, c.opts.logf); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// lockClass is the first of the two numbers of the owners' advisory locks: "plnt" in ASCII. The second is the owner's.
const lockClass = 0x706c6e74

// guard takes the lock that says that this owner lives, and returns what gives it up. It comes before the first database.
func (s *Server) guard(ctx context.Context) (release func() error, err error) {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return nil, err
	}
	// Since PostgreSQL 14 a server may end idle sessions; older ones do not know the setting, and their error is harmless.
	_, _ = conn.ExecContext(ctx, "SET idle_session_timeout = 0")
	for {
		var free bool
		err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1, $2)", lockClass, int32(ownerNumber(s.owner))).Scan(&free)
		if err != nil {
			return nil, errors.Join(err, conn.Close())
		}
		if free {
			break
		}
		s.owner = randomHex(4)
	}
	// Raw with ErrBadConn makes the pool close the session instead of keeping it, and the lock goes with it.
	return func() error {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		return nil
	}, nil
}

// ownerNumber reads the 8 hexadecimal digits that randomHex(4) made.
func ownerNumber(owner string) uint32 {
	n, _ := strconv.ParseUint(owner, 16, 32)
	return uint32(n)
}

var scratchName = regexp.MustCompile("^" + namePrefix + "([0-9a-f]{8})_[0-9a-f]{8}$")

// sweepDatabases drops the databases whose owner is gone. The names are read before the locks, so whatever is listed was
// made after its owner's lock was taken. Those in use are left out because DROP would wait 5 s for them. What cannot be dropped is told and left.
func (s *Server) sweepDatabases(ctx context.Context, logf func(string, ...any)) error {
	names, err := column[string](ctx, s.admin, `SELECT datname FROM pg_database d WHERE datname LIKE 'plinth\_scratch\_%'
		AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`)
	if err != nil {
		return err
	}
	// pg_locks shows the locks of every database; which one the owner is connected to does not matter.
	living, err := column[int64](ctx, s.admin,
		`SELECT objid::int8 FROM pg_locks WHERE locktype = 'advisory' AND classid::int8 = $1 AND objsubid = 2`, lockClass)
	if err != nil {
		return err
	}
	for _, name := range names {
		m := scratchName.FindStringSubmatch(name)
		if m == nil || slices.Contains(living, int64(ownerNumber(m[1]))) {
			continue
		}
		switch _, err := s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name)); {
		case ctx.Err() != nil:
			return err
		case err != nil:
			logf("pgserver: the database %s of a process that is gone stays: %v", name, err)
		default:
			logf("pgserver: dropped the database %s of a process that is gone", name)
		}
	}
	return nil
}

// column returns the values of a query's only column.
func column[T any](ctx context.Context, db *sql.DB, query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
