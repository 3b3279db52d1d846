package diff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// readState reads the first schema of the search_path that new sessions on db have, in one REPEATABLE READ transaction.
func readState(ctx context.Context, db *sql.DB) (*state, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("diff: read the scratch database: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	s, err := readInside(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("diff: read the scratch database: %w", err)
	}
	return s, nil
}

// A replayed file may have changed the session's search_path; text is printed relative to it.
const pinSession = `RESET search_path;
SET LOCAL quote_all_identifiers = off;
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL TimeZone = 'UTC';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex'`

func readInside(ctx context.Context, tx *sql.Tx) (*state, error) {
	if _, err := tx.ExecContext(ctx, pinSession); err != nil {
		return nil, err
	}
	var schema sql.NullString
	if err := tx.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return nil, err
	}
	if !schema.Valid {
		return nil, errors.New("no schema of the search_path exists; the scratch database must have one that the connection finds")
	}
	s := &state{tables: make(map[string]*table), enums: make(map[string]*enum), casts: make(map[cast]byte)}
	for _, read := range []func(context.Context, *sql.Tx, *state) error{
		readTables, readColumns, readConstraints, readIndexes, readEnums, readCasts, readObjects,
	} {
		if err := read(ctx, tx, s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// each runs a query and calls scan for every row.
func each(ctx context.Context, tx *sql.Tx, query string, scan func(*sql.Rows) error) (err error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Tables of extensions are left out.
const tablesQuery = `
SELECT c.relname, c.relkind = 'p', c.relispartition OR EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid),
	coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
	AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')`

func readTables(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, tablesQuery, func(rows *sql.Rows) error {
		t := &table{constraints: make(map[string]constraint), indexes: make(map[string]index)}
		if err := rows.Scan(&t.name, &t.partitioned, &t.child, &t.comment); err != nil {
			return err
		}
		s.tables[t.name] = t
		return nil
	})
}

// The bounds that an identity's sequence gets by itself depend on its type and direction; they are printed only when they differ.
var columnsQuery = `
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), format_type(a.atttypid, NULL), t.typcategory,
	coalesce(e.typname, ''), t.typelem <> 0 AND t.typcategory = 'A', a.attnotnull,
	CASE WHEN a.attgenerated = '' AND own.typ IS NULL THEN coalesce(pg_get_expr(d.adbin, d.adrelid), '') ELSE '' END,
	CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) ELSE '' END,
	CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' ELSE '' END,
	coalesce((SELECT concat_ws(' ',
			CASE WHEN q.seqincrement <> 1 THEN 'INCREMENT BY ' || q.seqincrement END,
			CASE WHEN q.seqmin <> 1 THEN 'MINVALUE ' || q.seqmin END,
			CASE WHEN q.seqmax <> (2::numeric ^ (8 * bt.typlen - 1) - 1)::bigint THEN 'MAXVALUE ' || q.seqmax END,
			CASE WHEN q.seqstart <> 1 THEN 'START WITH ' || q.seqstart END,
			CASE WHEN q.seqcache <> 1 THEN 'CACHE ' || q.seqcache END,
			CASE WHEN q.seqcycle THEN 'CYCLE' END)
		FROM pg_depend p JOIN pg_sequence q ON q.seqrelid = p.objid JOIN pg_type bt ON bt.oid = q.seqtypid
		WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid
			AND p.refobjsubid = a.attnum AND p.deptype = 'i'), ''),
	coalesce(own.typ, ''),
	CASE WHEN a.attcollation <> t.typcollation THEN coalesce((SELECT CASE WHEN pg_collation_is_visible(o.oid) THEN '' ELSE quote_ident(n.nspname) || '.' END || quote_ident(o.collname)
		FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation), '') ELSE '' END,
	coalesce(col_description(c.oid, a.attnum), ''),
	ARRAY(SELECT u.attname::text FROM pg_depend p JOIN pg_attribute u ON u.attrelid = p.refobjid AND u.attnum = p.refobjsubid
		WHERE p.classid = 'pg_attrdef'::regclass AND p.objid = d.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid
			AND u.attnum <> a.attnum),
	` + fmt.Sprintf(enumsOf, "'pg_attrdef'::regclass", "d.oid") + `
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_type e ON e.oid = CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE t.oid END AND e.typtype = 'e'
	AND e.typnamespace = c.relnamespace
LEFT JOIN LATERAL (
	SELECT CASE a.atttypid WHEN 'int2'::regtype THEN 'smallserial' WHEN 'int4'::regtype THEN 'serial' WHEN 'int8'::regtype THEN 'bigserial' END AS typ
	FROM pg_depend p JOIN pg_class q ON q.oid = p.objid AND q.relkind = 'S'
	WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid
		AND p.refobjsubid = a.attnum AND p.deptype = 'a' AND q.relname = c.relname || '_' || a.attname || '_seq'
		AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', q.oid::regclass)
) own ON true
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`

func readColumns(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, columnsQuery, func(rows *sql.Rows) error {
		var (
			in string
			c  column
		)
		if err := rows.Scan(&in, &c.name, &c.typ, &c.base, &c.category, &c.enum, &c.array, &c.notNull, &c.def, &c.generated,
			&c.identity, &c.sequence, &c.serial, &c.collation, &c.comment,
			pq.Array(&c.uses), pq.Array(&c.enums)); err != nil {
			return err
		}
		if t := s.tables[in]; t != nil {
			t.columns = append(t.columns, c)
		}
		return nil
	})
}

// enumsOf are the enum types that an object's definition mentions, as its dependencies tell.
const enumsOf = `ARRAY(SELECT DISTINCT e.typname::text FROM pg_depend p
		JOIN pg_type t ON p.refclassid = 'pg_type'::regclass AND t.oid = p.refobjid
		JOIN pg_type e ON e.oid IN (t.oid, t.typelem) AND e.typtype = 'e' AND e.typnamespace = c.relnamespace
		WHERE p.classid = %s AND p.objid = %s)`

var constraintsQuery = `
SELECT c.relname, k.oid, k.conname, k.contype, pg_get_constraintdef(k.oid),
	ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = k.conrelid AND attnum = ANY (k.conkey)),
	` + fmt.Sprintf(enumsOf, "'pg_constraint'::regclass", "k.oid") + `,
	coalesce(r.relname, ''),
	ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = k.confrelid AND attnum = ANY (k.confkey)),
	coalesce((SELECT i.relname FROM pg_class i WHERE k.contype = 'f' AND i.oid = k.conindid), ''),
	coalesce(obj_description(k.oid, 'pg_constraint'), ''), k.conparentid <> 0 OR NOT k.conislocal
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_class r ON r.oid = k.confrelid AND k.confrelid <> 0
WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x')`

func readConstraints(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, constraintsQuery, func(rows *sql.Rows) error {
		var (
			in, kind string
			c        constraint
		)
		if err := rows.Scan(&in, &c.oid, &c.name, &kind, &c.def, pq.Array(&c.columns), pq.Array(&c.enums), &c.refs, pq.Array(&c.refCols),
			&c.refKey, &c.comment, &c.child); err != nil {
			return err
		}
		c.kind = kind[0]
		if t := s.tables[in]; t != nil {
			t.constraints[c.name] = c
		}
		return nil
	})
}

// Ent can say columns, direction, operator class, method, INCLUDE, WHERE and UNIQUE (entgo.io/ent v0.14.6, dialect/entsql/annotation.go).
var indexesQuery = `
SELECT c.relname, i.oid, i.relname, x.indisunique,
	substr(pg_get_indexdef(i.oid), length('CREATE ' || CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
		|| quote_ident(i.relname) || ' ON ' || CASE WHEN only_it.y THEN 'ONLY ' ELSE '' END
		|| quote_ident(c.relnamespace::regnamespace::text) || '.' || quote_ident(c.relname) || ' ') + 1),
	ARRAY(SELECT DISTINCT a.attname::text FROM pg_depend p JOIN pg_attribute a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
		WHERE p.classid = 'pg_class'::regclass AND p.objid = i.oid AND p.refclassid = 'pg_class'::regclass AND p.refobjid = c.oid),
	` + fmt.Sprintf(enumsOf, "'pg_class'::regclass", "i.oid") + `,
	x.indexprs IS NOT NULL OR x.indpred IS NOT NULL,
	x.indexprs IS NOT NULL OR x.indnullsnotdistinct OR i.reloptions IS NOT NULL,
	coalesce(obj_description(i.oid, 'pg_class'), ''), i.relispartition, only_it.y
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid
CROSS JOIN LATERAL (SELECT starts_with(pg_get_indexdef(i.oid), 'CREATE ' || CASE WHEN x.indisunique THEN 'UNIQUE ' ELSE '' END
	|| 'INDEX ' || quote_ident(i.relname) || ' ON ONLY ') AS y) only_it
WHERE c.relnamespace = current_schema()::regnamespace
	AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))`

func readIndexes(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, indexesQuery, func(rows *sql.Rows) error {
		var (
			in string
			i  index
		)
		if err := rows.Scan(&in, &i.oid, &i.name, &i.unique, &i.def, pq.Array(&i.columns), pq.Array(&i.enums), &i.computed, &i.byHand,
			&i.comment, &i.child, &i.partialOn); err != nil {
			return err
		}
		if t := s.tables[in]; t != nil {
			t.indexes[i.name] = i
		}
		return nil
	})
}

// enumByHand tells whether anything stands on type t but tables of its schema, and but what more says of a dependency p.
const enumByHand = `EXISTS (SELECT FROM pg_depend p
		WHERE p.refclassid = 'pg_type'::regclass AND p.refobjid IN (t.oid, t.typarray) AND p.deptype = 'n' AND NOT CASE p.classid
			WHEN 'pg_class'::regclass THEN EXISTS (SELECT FROM pg_class WHERE oid = p.objid AND relnamespace = t.typnamespace AND relkind IN ('r', 'p', 'i', 'I'))
			WHEN 'pg_constraint'::regclass THEN EXISTS (SELECT FROM pg_constraint WHERE oid = p.objid AND connamespace = t.typnamespace AND conrelid <> 0)
			WHEN 'pg_attrdef'::regclass THEN true
			ELSE false END AND NOT %s)`

var enumsQuery = `
SELECT t.typname, ARRAY(SELECT enumlabel::text FROM pg_enum WHERE enumtypid = t.oid ORDER BY enumsortorder),
	coalesce(obj_description(t.oid, 'pg_type'), ''),
	` + fmt.Sprintf(enumByHand, "false") + `,
	` + fmt.Sprintf(enumByHand, knownObject) + `
FROM pg_type t
WHERE t.typtype = 'e' AND t.typnamespace = current_schema()::regnamespace
	AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = t.oid AND deptype = 'e')`

func readEnums(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, enumsQuery, func(rows *sql.Rows) error {
		e := &enum{}
		if err := rows.Scan(&e.name, pq.Array(&e.labels), &e.comment, &e.byHand, &e.outside); err != nil {
			return err
		}
		s.enums[e.name] = e
		return nil
	})
}

const castsQuery = `SELECT format_type(castsource, NULL), format_type(casttarget, NULL), castcontext FROM pg_cast`

func readCasts(ctx context.Context, tx *sql.Tx, s *state) error {
	return each(ctx, tx, castsQuery, func(rows *sql.Rows) error {
		var (
			c    cast
			kind string
		)
		if err := rows.Scan(&c.from, &c.to, &kind); err != nil {
			return err
		}
		s.casts[c] = kind[0]
		return nil
	})
}
