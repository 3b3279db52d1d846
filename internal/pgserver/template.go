package pgserver

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// A template is a database that costs time to fill: it is filled once, kept by what it was filled with, and copied. On a given server it
// stays there; of a server of ours, which ends with the process, the whole cluster is kept in the cache where filling took a while, and
// begins the next server, of the same binaries or the same image, whose Options.Templates asks for it.
const templatePrefix = "plinth_template_"

// keptTemplates is how many a server keeps, the last used ones: what plinth diff makes of a directory and of a schema, twice.
const keptTemplates = 4

// CreateFilled makes a database that fill has filled, or, where one with the same key was filled before, a copy of that one. Everything
// that the outcome depends on is in key, but for what the URL and the role set, the search_path for one; fill must not reach beyond the
// database.
func (s *Server) CreateFilled(ctx context.Context, key string, fill func(ctx context.Context, db *sql.DB) error) (*Database, error) {
	settings, err := column[string](ctx, s.admin, `SELECT name || '=' || setting FROM pg_settings
  WHERE source IN ('global', 'user', 'client') AND name <> 'application_name' ORDER BY name`)
	if err != nil {
		return nil, wrap("look for a template", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", key, settings))
	template := &Database{server: s, name: templatePrefix + hex.EncodeToString(sum[:12])}
	for try := 1; ; try++ {
		mine, err := s.isOurs(ctx, template.name)
		if err != nil {
			return nil, wrap("look for a template", err)
		}
		if !mine {
			start := time.Now()
			if err := s.fillTemplate(ctx, template.name, fill); err != nil {
				return nil, err
			}
			if time.Since(start) >= worthKeeping {
				s.kept.Store(true)
			}
		}
		copied, err := s.CreateDatabaseFrom(ctx, template)
		if err == nil {
			s.used(ctx, template.name)
			return copied, nil
		}
		if try == fillTries || !hasState(err, stateNoDatabase) {
			return nil, err
		}
	}
}

// worthKeeping is the time from which on a filled database is worth the time that storing a cluster and copying it back takes.
const worthKeeping = 500 * time.Millisecond

// fillTries is how often a template is filled that another process drops as one too many before it can be copied.
const fillTries = 3

// isOurs tells whether a database is there and belongs to our role: another's could hold anything.
func (s *Server) isOurs(ctx context.Context, name string) (ok bool, err error) {
	err = s.admin.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND pg_get_userbyid(datdba) = current_user)", name).Scan(&ok)
	return ok, err
}

// fillTemplate fills a database under a name of its own, and gives it the template's when it is whole.
func (s *Server) fillTemplate(ctx context.Context, name string, fill func(ctx context.Context, db *sql.DB) error) error {
	d, err := s.CreateDatabase(ctx)
	if err != nil {
		return err
	}
	db, err := d.SQL(ctx)
	if err == nil {
		err = errors.Join(fill(ctx, db), db.Close())
	}
	if err == nil {
		err = s.keep(ctx, d, name)
	}
	if err != nil {
		return errors.Join(err, d.Drop(context.WithoutCancel(ctx)))
	}
	return nil
}

// sessionsEnd bounds the wait for the server to end the sessions of a pool that was closed.
const sessionsEnd = 5 * time.Second

func (s *Server) keep(ctx context.Context, d *Database, name string) error {
	from, to := pq.QuoteIdentifier(d.name), pq.QuoteIdentifier(name)
	s.noteUse(ctx, d.name) // else another process takes it for the one that was not used for longest
	deadline := time.Now().Add(sessionsEnd)
	for {
		_, err := s.admin.ExecContext(ctx, "ALTER DATABASE "+from+" RENAME TO "+to)
		switch {
		case err == nil:
			s.mu.Lock()
			delete(s.databases, d.name)
			s.mu.Unlock()
			// Nobody needs to connect to it, and who did would keep it from being copied.
			_, err = s.admin.ExecContext(ctx, "ALTER DATABASE "+to+" ALLOW_CONNECTIONS false")
			if hasState(err, stateNoDatabase) { // another process dropped it as one too many: it will be filled again
				return nil
			}
			return wrap("keep "+name, err)
		case hasState(err, stateDuplicateDatabase), hasState(err, stateUniqueViolation): // another process was faster
			return d.Drop(ctx)
		case !hasState(err, stateObjectInUse) || time.Now().After(deadline):
			return wrap("keep "+name, err)
		}
		time.Sleep(connectPoll)
	}
}

// used notes when a template was used, and drops those that were used before the last few. It is housekeeping: what fails is tried
// again the next time.
func (s *Server) used(ctx context.Context, name string) {
	s.noteUse(ctx, name)
	old, _ := column[string](ctx, s.admin, `SELECT datname FROM pg_database WHERE datname LIKE 'plinth\_template\_%'
  AND pg_get_userbyid(datdba) = current_user ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST OFFSET $1`, keptTemplates)
	for _, name := range old {
		_, _ = s.admin.ExecContext(ctx, "DROP DATABASE IF EXISTS "+pq.QuoteIdentifier(name))
	}
}

func (s *Server) noteUse(ctx context.Context, name string) {
	_, _ = s.admin.ExecContext(ctx, fmt.Sprintf("COMMENT ON DATABASE %s IS 'Plinth: what plinth diff replayed or built; used %s'",
		pq.QuoteIdentifier(name), time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")))
}

// holdsNothingShared tells whether a server of ours has of the things that all its databases share only what initdb made: a fill may make a
// role in a DO block, and on the next server it would be in the way of a fill that makes it too.
func (s *Server) holdsNothingShared(ctx context.Context) (ok bool) {
	const firstNormal = "16384" // FirstNormalObjectId: initdb's are below
	err := s.admin.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT FROM pg_roles WHERE oid >= `+firstNormal+`)
  AND NOT EXISTS (SELECT FROM pg_tablespace WHERE oid >= `+firstNormal+`)
  AND NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setdatabase = 0)
  AND NOT EXISTS (SELECT FROM pg_replication_slots) AND NOT EXISTS (SELECT FROM pg_replication_origin)`).Scan(&ok)
	return err == nil && ok
}
