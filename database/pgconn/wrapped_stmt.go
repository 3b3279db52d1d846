package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
)

type wrappedStmt struct {
	driver.Stmt
	conn  *WrappedConn
	facts textFacts
}

// ExecContext implements [driver.StmtExecContext].
func (s *wrappedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	e, ok := s.Stmt.(driver.StmtExecContext)
	if !ok {
		return nil, errors.New("exec: the driver's statements take no context")
	}
	r, err := e.ExecContext(ctx, args)
	return r, s.conn.fail(ctx, "exec", s.facts, err)
}

// QueryContext implements [driver.StmtQueryContext].
func (s *wrappedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	q, ok := s.Stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.New("query: the driver's statements take no context")
	}
	r, err := q.QueryContext(ctx, args)
	if err != nil {
		return nil, s.conn.fail(ctx, "query", s.facts, err)
	}
	return s.conn.rows(ctx, r, s.facts), nil
}

// rows keeps driver.ErrBadConn from database/sql while they are read.
func (c *WrappedConn) rows(ctx context.Context, r driver.Rows, facts textFacts) driver.Rows {
	return &wrappedRows{Rows: r, conn: c, ctx: ctx, facts: facts}
}

type wrappedRows struct {
	driver.Rows
	conn  *WrappedConn
	ctx   context.Context // of the query
	facts textFacts
}

// Next implements [driver.Rows].
func (r *wrappedRows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err == nil || err == io.EOF { //nolint:errorlint // as the interface has it; a wrapped one is a broken stream
		return err
	}
	return r.conn.fail(r.ctx, "query", r.facts, err)
}

// Close implements [driver.Rows].
func (r *wrappedRows) Close() error {
	return r.conn.fail(r.ctx, "query", r.facts, r.Rows.Close())
}

// HasNextResultSet implements [driver.RowsNextResultSet].
func (r *wrappedRows) HasNextResultSet() bool {
	next, ok := r.Rows.(driver.RowsNextResultSet)
	return ok && next.HasNextResultSet()
}

// NextResultSet implements [driver.RowsNextResultSet].
func (r *wrappedRows) NextResultSet() error {
	if next, ok := r.Rows.(driver.RowsNextResultSet); ok {
		return next.NextResultSet()
	}
	return io.EOF
}
