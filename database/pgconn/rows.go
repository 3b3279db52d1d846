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
	release func()
}

// Next implements [driver.Rows]. Its io.EOF means the end, as that interface has it; lib/pq reports a broken
// stream in other ways.
func (r *rows) Next(dest []driver.Value) error {
	err := r.pqRows.Next(dest)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return r.conn.fail(r.ctx, "query", err)
}

// Close implements [driver.Rows].
func (r *rows) Close() error {
	defer r.release()
	return r.conn.fail(r.ctx, "query", r.pqRows.Close())
}

// pqStmt is what a prepared statement of lib/pq implements.
type pqStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type stmt struct {
	conn  *Conn
	inner pqStmt
}

func (s *stmt) NumInput() int { return s.inner.NumInput() }

func (s *stmt) Close() error {
	defer s.conn.within(answerTimeout)()
	return s.conn.fail(context.Background(), "close of a statement", s.inner.Close())
}

// Exec completes [driver.Stmt]; database/sql calls ExecContext.
func (s *stmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }

// Query completes [driver.Stmt]; database/sql calls QueryContext.
func (s *stmt) Query([]driver.Value) (driver.Rows, error) { return nil, driver.ErrSkip }

// ExecContext implements [driver.StmtExecContext]. A cancelled one breaks the connection: lib/pq's late cancel
// request could otherwise hit the next statement (lib/pq v1.12.3, conn_go18.go:196-222).
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	defer s.conn.guard(ctx)()
	r, err := s.inner.ExecContext(ctx, args)
	return r, s.conn.fail(ctx, "exec", err)
}

// QueryContext implements [driver.StmtQueryContext]; a cancelled one breaks the connection, as with ExecContext.
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	release := s.conn.guard(ctx)
	r, err := s.inner.QueryContext(ctx, args)
	if err != nil {
		release()
		return nil, s.conn.fail(ctx, "query", err)
	}
	return &rows{pqRows: r.(pqRows), conn: s.conn, ctx: ctx, release: release}, nil
}
