package pgserver

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/lib/pq"
)

// A database's name is a prefix, the owner's 8 hexadecimal digits, "_", and 8 random ones. By namePrefix the sweep of a given
// server recognises what this package made there. Databases of our own servers, which go with their server and hold no
// lock, have another prefix: such a server may be given by its URL to a child process, whose sweep must spare them.
const (
	namePrefix    = "plinth_scratch_"
	ownNamePrefix = "plinth_own_"
)

// Database is a database of its own on a Server. Its methods are safe for concurrent use.
type Database struct {
	server *Server
	name   string
}

// CreateDatabase makes an empty database in encoding UTF8, from template0, so that nothing that was added to template1 is
// in it. The caller drops it; Close drops what is left.
func (s *Server) CreateDatabase(ctx context.Context) (*Database, error) {
	return s.create(ctx, "TEMPLATE template0 "+s.utf8)
}

// CreateDatabaseFrom makes a copy of template, which must be on the same server and may have no open sessions: close every
// pool on it first.
func (s *Server) CreateDatabaseFrom(ctx context.Context, template *Database) (*Database, error) {
	return s.create(ctx, "TEMPLATE "+pq.QuoteIdentifier(template.name))
}

func (s *Server) create(ctx context.Context, how string) (*Database, error) {
	prefix := namePrefix
	if s.owned {
		prefix = ownNamePrefix
	}
	d := &Database{server: s, name: prefix + s.owner + "_" + randomHex(4)}
	if err := s.track(d); err != nil {
		return nil, wrap("create a database", err)
	}
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(d.name)+" "+how+s.strategy()); err != nil {
		// A statement that was cancelled may have been carried out nevertheless.
		clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		_ = d.Drop(clean)
		return nil, wrap("create a database on "+s.String(), explainCreate(err))
	}
	return d, nil
}

// track comes before CREATE DATABASE, so that Close knows every name that may exist.
func (s *Server) track(d *Database) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	s.databases[d.name] = d
	return nil
}

// strategy prefers copying files to logging every page: with fsync off it takes half the time. On a server of somebody else's
// it would cost two checkpoints, so the choice stays with that server. The clause exists since PostgreSQL 15.
func (s *Server) strategy() string {
	if !s.owned || s.major < 15 {
		return ""
	}
	return " STRATEGY file_copy"
}

func explainCreate(err error) error {
	switch {
	case hasState(err, stateInsufficientPrivilege):
		return fmt.Errorf("the role may not create databases; ALTER ROLE ... CREATEDB, or choose another server: %w", err)
	case hasState(err, stateObjectInUse):
		return fmt.Errorf("close every connection to the database before copying it: %w", err)
	default:
		return err
	}
}

// URL is the connection string of the database, with the password in it.
func (d *Database) URL() string { return withDatabase(d.server.url, d.name) }

// Name is the name of the database; it needs no quoting.
func (d *Database) Name() string { return d.name }

// SQL opens a pool on the database and tries it. The caller closes it.
func (d *Database) SQL(ctx context.Context) (*sql.DB, error) {
	connector, err := pq.NewConnector(d.URL())
	if err != nil {
		return nil, wrap("open "+d.name, errURL)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, wrap("open "+d.name, err)
	}
	return db, nil
}

// Drop ends the database's sessions and removes it. It is harmless twice, and after the server was closed.
func (d *Database) Drop(ctx context.Context) error {
	s := d.server
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed {
		return nil
	}
	if err := s.drop(ctx, d.name); err != nil {
		return wrap("drop "+d.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.databases, d.name)
	return nil
}

func (s *Server) drop(ctx context.Context, name string) error {
	_, err := s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name)+" WITH (FORCE)")
	return err
}

// withDatabase replaces the database in a URL that parseGiven or ourURL has checked. lib/pq lets the parameter dbname
// override the path, so it must go.
func withDatabase(raw, name string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Del("dbname")
	q.Del("database")
	// Encode writes a space as "+", which libpq takes literally.
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20")
	u.Path, u.RawPath = "/"+name, ""
	return u.String()
}
