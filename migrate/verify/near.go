package verify

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// nearby are tables, by schema and name.
type nearby map[[2]string]bool

// concerned runs the files that are left on a database of their own, to find the tables that they touch and what those reference,
// before and after: the others need no rows, and there may be many. Files that fail are left to the test.
func (t *tester) concerned(ctx context.Context) (nearby, error) {
	trial, err := open(ctx, t.scratch, t.fsys)
	if err != nil {
		return nil, err
	}
	defer trial.drop()
	if _, err := trial.m.Up(ctx); err != nil && !trial.alive(ctx) {
		return nil, err
	}
	after, err := read(ctx, trial.db)
	if err != nil {
		return nil, err
	}
	near := nearby{}
	var types []string
	for _, c := range catalog.Compare(t.empty, after) {
		switch o := c.Object; {
		case o.Table != "":
			near[[2]string{o.Schema, o.Table}] = true
		case o.Kind == catalog.KindEnum, o.Kind == catalog.KindDomain, o.Kind == catalog.KindComposite:
			types = append(types, pq.QuoteIdentifier(o.Schema)+"."+o.Name)
		}
	}
	for _, db := range []*sql.DB{t.db, trial.db} {
		if err := near.addReferenced(ctx, db, types); err != nil {
			return nil, err
		}
	}
	return near, nil
}

// addReferenced adds the tables that have columns of these types, or of their arrays, and what the tables' foreign keys point at, and
// so on, and the partitions of each: rows are stored there.
func (n nearby) addReferenced(ctx context.Context, db *sql.DB, types []string) error {
	var schemas, names []string
	for t := range n {
		schemas, names = append(schemas, t[0]), append(names, t[1])
	}
	rows, err := db.QueryContext(ctx, `WITH RECURSIVE near AS (
  SELECT c.oid FROM unnest($1::text[], $2::text[]) AS t (schema, name)
    JOIN pg_namespace s ON s.nspname = t.schema JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = t.name
  UNION
  SELECT a.attrelid FROM pg_attribute a JOIN pg_type t ON a.atttypid IN (t.oid, t.typarray)
    WHERE t.oid = ANY (SELECT to_regtype(x) FROM unnest($3::text[]) AS x)
  UNION
  SELECT x.oid FROM near JOIN LATERAL (
    SELECT confrelid AS oid FROM pg_constraint WHERE conrelid = near.oid AND contype = 'f'
    UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = near.oid
    UNION ALL SELECT inhparent FROM pg_inherits WHERE inhrelid = near.oid) x ON true)
SELECT s.nspname, c.relname FROM near JOIN pg_class c USING (oid) JOIN pg_namespace s ON s.oid = c.relnamespace`, pq.Array(schemas), pq.Array(names), pq.Array(types))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t [2]string
		if err := rows.Scan(&t[0], &t[1]); err != nil {
			return err
		}
		n[t] = true
	}
	return rows.Err()
}
