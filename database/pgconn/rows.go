package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

// pqRows is what lib/pq's rows implement.
type pqRows interface {
	driver.RowsNextResultSet
	driver.RowsColumnTypeScanType
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypePrecisionScale
}

// rows keeps the guard of its query until it is closed.
type rows struct {
	pqRows
	conn    *Conn
	ctx     context.Context // of the query, as database/sql has it
	facts   textFacts
	release func()
	closed  bool
}

// Next implements [driver.Rows]. Its io.EOF means the end, as that interface has it; lib/pq reports a broken
// stream in other ways.
func (r *rows) Next(dest []driver.Value) error {
	err := r.next(dest)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return r.conn.fail(r.ctx, "query", r.facts, err)
}

func (r *rows) next(dest []driver.Value) (err error) {
	defer r.conn.survive(&err)
	return r.pqRows.Next(dest)
}

// Close implements [driver.Rows].
func (r *rows) Close() error {
	if r.closed {
		return nil
	}
	r.closed = true
	defer r.release()
	err := r.drain()
	r.conn.rows = nil
	r.conn.settleDown(textFacts{})
	return r.conn.fail(r.ctx, "query", r.facts, err)
}

// drain reads what is left.
func (r *rows) drain() (err error) {
	defer r.conn.survive(&err)
	return r.pqRows.Close()
}

// pqStmt is what a prepared statement of lib/pq implements.
type pqStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// cachedStmt is a statement that the connection's cache holds; it runs like its text.
type cachedStmt struct {
	conn   *Conn
	text   string
	inputs int
}

func (s *cachedStmt) NumInput() int { return s.inputs }

// Close implements [driver.Stmt]. The cache keeps the statement.
func (s *cachedStmt) Close() error { return nil }

// Exec completes [driver.Stmt]; database/sql calls ExecContext.
func (s *cachedStmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

// Query completes [driver.Stmt]; database/sql calls QueryContext.
func (s *cachedStmt) Query([]driver.Value) (driver.Rows, error) { return nil, driver.ErrSkip }

// ExecContext implements [driver.StmtExecContext].
func (s *cachedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.text, args)
}

// QueryContext implements [driver.StmtQueryContext].
func (s *cachedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.text, args)
}

// copyStmt is a COPY FROM STDIN: each Exec with arguments is a row, one without ends it.
type copyStmt struct {
	conn  *Conn
	facts textFacts
	inner driver.Stmt
}

func (s *copyStmt) NumInput() int { return s.inner.NumInput() }

// Close implements [driver.Stmt]; it ends the COPY.
func (s *copyStmt) Close() error {
	if !s.conn.IsValid() {
		return nil
	}
	defer s.conn.within(answerTimeout)()
	err := s.inner.Close()
	s.conn.copying = false
	s.conn.settleDown(s.facts)
	return s.conn.fail(context.Background(), "copy", s.facts, err)
}

// Exec completes [driver.Stmt]; database/sql calls ExecContext.
func (s *copyStmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

// Query completes [driver.Stmt].
func (s *copyStmt) Query([]driver.Value) (driver.Rows, error) {
	return nil, errors.New("copy: COPY FROM STDIN has no rows; use Exec")
}

// ExecContext implements [driver.StmtExecContext].
func (s *copyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	values := make([]driver.Value, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	if len(values) == 0 {
		defer func() { s.conn.copying = false }()
	}
	defer s.conn.guard(ctx)()
	r, err := s.inner.Exec(values) //nolint:staticcheck // lib/pq's COPY has no other
	if err != nil {
		return nil, s.conn.fail(ctx, "copy", s.facts, err)
	}
	return r, nil
}

// stmt is a statement that the cache does not take: a utility statement, or any where the cache is off.
type stmt struct {
	conn  *Conn
	facts textFacts
	inner pqStmt
}

func (s *stmt) NumInput() int { return s.inner.NumInput() }

func (s *stmt) Close() error {
	if !s.conn.IsValid() {
		return nil
	}
	defer s.conn.within(answerTimeout)()
	return s.conn.fail(context.Background(), "close of a statement", s.facts, s.inner.Close())
}

// Exec completes [driver.Stmt]; database/sql calls ExecContext.
func (s *stmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

// Query completes [driver.Stmt]; database/sql calls QueryContext.
func (s *stmt) Query([]driver.Value) (driver.Rows, error) { return nil, driver.ErrSkip }

// ExecContext implements [driver.StmtExecContext].
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	if err := s.conn.admit(s.facts); err != nil {
		return nil, err
	}
	defer s.conn.guard(ctx)()
	s.conn.wire.begin()
	s.conn.working = true
	r, err := s.inner.ExecContext(context.Background(), args)
	s.conn.settleDown(s.facts)
	return r, s.conn.fail(ctx, "exec", s.facts, err)
}

// QueryContext implements [driver.StmtQueryContext].
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	if err := s.conn.admit(s.facts); err != nil {
		return nil, err
	}
	release := s.conn.guard(ctx)
	s.conn.wire.begin()
	s.conn.working = true
	r, err := s.inner.QueryContext(context.Background(), args)
	if err != nil {
		release()
		s.conn.settleDown(s.facts)
		return nil, s.conn.fail(ctx, "query", s.facts, err)
	}
	s.conn.rows = &rows{pqRows: r.(pqRows), conn: s.conn, ctx: ctx, facts: s.facts, release: release}
	return s.conn.rows, nil
}
