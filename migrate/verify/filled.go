package verify

import (
	"context"
	"database/sql"
	"fmt"
)

// Database is a *sql.DB, or one of its connections.
type Database interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Unfilled is a table that [Fill] could not put a row into.
type Unfilled struct {
	Schema, Name string // unquoted
	Reason       string
}

// listLeaves are the partitions that store rows. Foreign tables are not ours to write to.
const listLeaves = `SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), false
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relispartition AND c.relpersistence <> 't' ORDER BY 2, 3`

// Fill puts rows into each table and each partition for which want holds, after those that its foreign keys point at. The rows satisfy
// PostgreSQL's own checks; the last one of a table has NULL wherever it may, and only tables that are wanted get any. It returns
// what could not be filled. The error is of the server.
func Fill(ctx context.Context, db Database, want func(schema, table string) bool) ([]Unfilled, error) {
	f := &filler{db: db, near: nearby{}}
	unfilled, err := f.fill(ctx, want)
	if err != nil {
		return nil, err
	}
	var list []Unfilled
	for _, u := range unfilled {
		list = append(list, Unfilled{Schema: u.schema, Name: u.name, Reason: u.reason})
	}
	more, err := f.leaves(ctx, want)
	return append(list, more...), err
}

// leaves fills the partitions that got none of the rows of their root.
func (f *filler) leaves(ctx context.Context, want func(schema, table string) bool) (list []Unfilled, err error) {
	tables, err := listed(ctx, f.db, listLeaves)
	if err != nil {
		return nil, err
	}
	types := &types{db: f.db, known: map[int64]*typeInfo{}}
	for _, t := range tables {
		if !want(t.schema, t.name) {
			continue
		}
		var has bool
		if err := f.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM "+t.quoted+")").Scan(&has); err != nil {
			return nil, fmt.Errorf("verify: read table %s: %w", t.quoted, err)
		}
		if has {
			continue
		}
		s, err := readShape(ctx, f.db, types, t)
		if err != nil {
			return nil, fmt.Errorf("verify: read table %s: %w", t.quoted, err)
		}
		reason, err := f.table(ctx, s)
		if err != nil {
			return nil, err
		}
		if reason != "" {
			list = append(list, Unfilled{Schema: t.schema, Name: t.name, Reason: reason})
		}
	}
	return list, nil
}
