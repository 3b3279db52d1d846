package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// tableSizes says of each table of the database, in its search_path, how large it is. It reads the statistics only, and writes nothing.
func (a *app) tableSizes(ctx context.Context) (_ map[string]string, err error) {
	pool, err := a.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer closePool(pool)
	tx, err := pool.SQL().BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("read the sizes of tables: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it has only read
	rows, err := tx.QueryContext(ctx, `SELECT relname, CASE WHEN reltuples >= 0 THEN 'about ' || reltuples::bigint || ' rows, ' ELSE '' END || pg_size_pretty(pg_total_relation_size(oid))
  FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relnamespace <> 'pg_catalog'::regnamespace`)
	if err != nil {
		return nil, fmt.Errorf("read the sizes of tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	sizes := make(map[string]string)
	for rows.Next() {
		var name, size string
		if err := rows.Scan(&name, &size); err != nil {
			return nil, fmt.Errorf("read the sizes of tables: %w", err)
		}
		sizes[name] = size
	}
	return sizes, rows.Err()
}
