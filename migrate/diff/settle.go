package diff

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// settle rewrites checks and indexes whose printed text, read back, prints differently, so that what a plan creates from the text
// prints like the original. PostgreSQL's printer has such cases: CHECK (c IN ('a', 'b')) on a varchar is one. They mean the same.
func settle(ctx context.Context, db *sql.DB) error {
	s, err := readState(ctx, db)
	if err != nil {
		return err
	}
	twins := twinsOf(s)
	if len(twins) == 0 {
		return settleObjects(ctx, db, s)
	}
	printed, err := printTwins(ctx, db, twins)
	if err != nil {
		return fmt.Errorf("diff: settle the scratch database: %w", err)
	}
	var again []statement
	for _, w := range twins {
		if !w.printsAlike(printed) {
			again = append(again, w.replace...)
		}
	}
	if _, err := execute(ctx, db, again); err != nil {
		return fmt.Errorf("diff: settle the scratch database: %w", err)
	}
	return settleObjects(ctx, db, s)
}

// twin is a copy, made from its printed text, of a check or of an index with an expression or predicate.
type twin struct {
	member         // the copy
	def     string // what the original's text is
	check   bool
	make    statement
	replace []statement // the original by one made from its text
}

func (w twin) printsAlike(printed *state) bool {
	t := printed.tables[w.table]
	if w.check {
		return trimNotValid(t.constraints[w.name].def) == trimNotValid(w.def)
	}
	return t.indexes[w.name].def == w.def
}

// twinsOf plans the copies. Their names begin with a sign that nobody's names begin with. Partitions and what follows from a parent
// are left alone.
func twinsOf(s *state) (twins []twin) {
	for _, table := range s.tableNames() {
		t := s.tables[table]
		if t.child {
			continue
		}
		for _, c := range t.constraints {
			if c.kind == 'c' && !c.child {
				twins = append(twins, checkTwin(table, c, fmt.Sprintf("~plinth%d", len(twins))))
			}
		}
		for _, i := range t.indexes {
			if i.computed && !i.child {
				twins = append(twins, indexTwin(table, i, fmt.Sprintf("~plinth%d", len(twins))))
			}
		}
	}
	return twins
}

func checkTwin(table string, c constraint, name string) twin {
	add := alter(table) + "ADD CONSTRAINT %s %s"
	return twin{
		member: member{table, name}, def: c.def, check: true,
		make: statement{sql: fmt.Sprintf(add, ident(name), trimNotValid(c.def)+notValid)},
		replace: []statement{
			{sql: alter(table) + "DROP CONSTRAINT " + ident(c.name)},
			{sql: fmt.Sprintf(add, ident(c.name), c.def)},
		},
	}
}

func indexTwin(table string, i index, name string) twin {
	replace := []statement{{sql: "DROP INDEX " + ident(i.name)}, {sql: createIndex(table, i)}}
	i.name = name
	return twin{member: member{table, name}, def: i.def, make: statement{sql: createIndex(table, i)}, replace: replace}
}

// printTwins makes the copies, reads how they print, and leaves the database as it was.
func printTwins(ctx context.Context, db *sql.DB, twins []twin) (*state, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // the copies were made to be thrown away
	statements := make([]statement, len(twins))
	for i, w := range twins {
		statements[i] = w.make
	}
	if _, err := executeIn(ctx, tx, statements); err != nil {
		return nil, err
	}
	return readInside(ctx, tx)
}

// execute runs statements in one transaction. When one fails it returns that one.
func execute(ctx context.Context, db *sql.DB, statements []statement) (failed string, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if failed, err := executeIn(ctx, tx, statements); err != nil {
		return failed, err
	}
	return "", tx.Commit()
}

// executeAlone runs statements without a transaction, on one connection.
func executeAlone(ctx context.Context, db *sql.DB, statements []statement) (failed string, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }() // back into the pool
	for _, st := range slices.Insert(slices.Clone(statements), 0, statement{sql: "RESET search_path"}) {
		if _, err := conn.ExecContext(ctx, st.sql); err != nil {
			return st.sql, err
		}
	}
	return "", nil
}

func executeIn(ctx context.Context, tx *sql.Tx, statements []statement) (failed string, err error) {
	// A replayed file may have changed the session's search_path.
	if _, err := tx.ExecContext(ctx, "RESET search_path"); err != nil {
		return "RESET search_path", err
	}
	for _, st := range statements {
		if _, err := tx.ExecContext(ctx, st.sql); err != nil {
			return st.sql, err
		}
	}
	return "", nil
}
