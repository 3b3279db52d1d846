package trace

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// session is a scratch database and the connection that the files run on.
type session struct {
	db    *sql.DB
	drop  func()
	conn  *sql.Conn
	pid   int
	role  string // that it was opened as
	major int    // of the server's version

	bound time.Duration
	zone  string
}

func (s *session) connect(ctx context.Context) (err error) {
	if s.conn, err = s.db.Conn(ctx); err != nil {
		return err
	}
	return s.conn.QueryRowContext(ctx, "SELECT pg_backend_pid(), session_user::text, current_setting('server_version_num')::int / 10000").Scan(&s.pid, &s.role, &s.major)
}

func (s *session) close() {
	if s == nil {
		return
	}
	if s.conn != nil {
		_ = s.conn.Close()
	}
	s.drop()
}

// reset makes the session what a file of the engine begins with, but for the settings that package trace is documented to change.
func (s *session) reset(ctx context.Context) error {
	_, err := s.conn.ExecContext(ctx, strings.Join([]string{
		"RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", "DEALLOCATE ALL", "DISCARD TEMP",
		fmt.Sprintf("SET statement_timeout = %d", max(s.bound.Milliseconds(), 1)),
		"SET idle_in_transaction_session_timeout = 0",
		"SET TimeZone = " + pq.QuoteLiteral(s.zone),
		"SET max_parallel_maintenance_workers = 0",
		"SET max_parallel_workers_per_gather = 0",
	}, ";"))
	return err
}

// grace is how long the server may take to end a statement that is over its time.
const grace = 10 * time.Second

// exec runs one statement. What the statement is to blame for is a failure; the error is for the rest.
func (s *session) exec(ctx context.Context, stmt sqltext.Stmt) (*Failure, error) {
	bounded, cancel := context.WithTimeout(ctx, s.bound+grace)
	defer cancel()
	_, err := s.conn.ExecContext(bounded, stmt.Text)
	if err == nil {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	f := &Failure{Line: stmt.Line, Column: stmt.Column}
	refused, answered := errors.AsType[*pq.Error](err)
	switch {
	case answered:
		f.SQLState, f.Message, f.Detail, f.Hint = string(refused.Code), refused.Message, refused.Detail, refused.Hint
		if at, err := strconv.Atoi(refused.Position); err == nil && at > 0 {
			f.Line, f.Column = stmt.Position(at - 1)
		}
	case s.db.PingContext(ctx) != nil:
		return nil, err
	case bounded.Err() != nil:
		f.Message = fmt.Sprintf("was still running after %v", s.bound+grace)
	default:
		f.Message = "the connection was lost: " + err.Error()
	}
	return f, nil
}

// command runs a statement of ours.
func (s *session) command(ctx context.Context, text string) error {
	_, err := s.conn.ExecContext(ctx, text)
	return err
}

// rollBack ends a failed transaction; if it cannot, the session's end does it.
func (s *session) rollBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
}
