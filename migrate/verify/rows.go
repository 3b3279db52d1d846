package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// compareRows looks at what the tables hold after each order. Numbers that the order of inserts gives do not count, nor does what another
// run of the same order makes differently, such as random values and times.
func (p *proof) compareRows(ctx context.Context, first *trial, trials []*trial) error {
	var again *trial
	for _, t := range trials {
		if len(differentRows(first, t, nil)) == 0 {
			continue
		}
		if again == nil {
			var err error
			if again, err = p.try(ctx, first.order); err != nil {
				return err
			}
		}
		if again.err != nil {
			return again.err
		}
		if rows := differentRows(first, t, again); len(rows) > 0 {
			return &ConflictError{First: first.order, Second: t.order, Rows: rows}
		}
	}
	return nil
}

// differentRows names tables and columns that hold something else in b than in a. A column in which again, unless nil, differs from a
// too is passed over.
func differentRows(a, b, again *trial) (list []string) {
	for _, table := range slices.Sorted(maps.Keys(a.rows)) {
		rowsA, rowsB := a.rows[table], b.rows[table]
		if len(rowsA) != len(rowsB) {
			list = append(list, fmt.Sprintf("table %s has %d rows, and %d", table, len(rowsA), len(rowsB)))
			continue
		}
		if len(rowsA) == 0 {
			continue
		}
		columns := slices.Sorted(maps.Keys(rowsA[0]))
		columns = slices.DeleteFunc(columns, func(c string) bool {
			return a.numbers[table][c] || again != nil && less(rowsA, again.rows[table], []string{c}) > 0
		})
		if n := less(rowsA, rowsB, columns); n > 0 {
			var names []string
			for _, c := range columns {
				if less(rowsA, rowsB, []string{c}) > 0 {
					names = append(names, c)
				}
			}
			list = append(list, fmt.Sprintf("table %s: %d of %d rows differ (%s)", table, n, len(rowsA), strings.Join(names, ", ")))
		}
	}
	return list
}

// numberedColumns have a sequence behind them, or are a foreign key to such a column.
const numberedColumns = `WITH numbered AS (
	SELECT a.attrelid, a.attnum FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	WHERE a.attnum > 0 AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%')
), every AS (
	SELECT * FROM numbered UNION
	SELECT c.conrelid, k FROM pg_constraint c, unnest(c.conkey, c.confkey) u(k, fk) JOIN numbered n ON n.attnum = fk
	WHERE c.contype = 'f' AND n.attrelid = c.confrelid
)
SELECT 0, json_build_array(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname)::text
FROM every e JOIN pg_attribute a ON a.attrelid = e.attrelid AND a.attnum = e.attnum
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace`

// numbered finds the columns whose values depend on the order in which rows were inserted.
func numbered(ctx context.Context, r *replayed) (map[string]map[string]bool, error) {
	set := map[string]map[string]bool{}
	err := each(ctx, r.db, numberedColumns, func(_ int, text string) error {
		var pair [2]string
		if err := json.Unmarshal([]byte(text), &pair); err != nil {
			return err
		}
		if set[pair[0]] == nil {
			set[pair[0]] = map[string]bool{}
		}
		set[pair[0]][pair[1]] = true
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("verify: read numbered columns: %w", err)
	}
	return set, nil
}
