package trace

import (
	"context"
	"fmt"
	"time"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// measured runs a file in its transaction mode and measures each statement.
func (t *tracer) measured(ctx context.Context, p *script) ([]Statement, error) {
	list := make([]Statement, len(p.statements))
	at, fault, err := t.run(ctx, p, list)
	if fault != nil {
		list[at].Err = fault
	}
	return list, err
}

// run runs a file, and measures it unless list is nil. It returns the number of the statement that failed, counted from 0.
func (t *tracer) run(ctx context.Context, p *script, list []Statement) (at int, fault *Failure, err error) {
	if err := t.reset(ctx); err != nil {
		return 0, nil, fmt.Errorf("trace: %s: prepare the session: %w", p.file.UpFile(), err)
	}
	if p.loose {
		at, fault, err = t.eachAlone(ctx, p, list)
	} else {
		at, fault, err = t.together(ctx, p, list)
	}
	if err != nil {
		place := ""
		if at < len(p.statements) {
			place = fmt.Sprintf(":%d:%d: statement %d", p.statements[at].Line, p.statements[at].Column, at+1)
		}
		err = fmt.Errorf("trace: %s%s: %w", p.file.UpFile(), place, err)
	}
	return at, fault, err
}

// together runs the statements in one transaction.
func (t *tracer) together(ctx context.Context, p *script, list []Statement) (at int, fault *Failure, err error) {
	if err := t.command(ctx, "BEGIN"); err != nil {
		return p.first, nil, err
	}
	var before *reading
	if list != nil {
		if before, err = t.read(ctx, inTransaction); err != nil {
			return p.first, nil, err
		}
	}
	for at = p.first; at < p.last; at++ {
		var over bool
		over, err = t.passOver(ctx, p, at)
		switch {
		case over || err != nil:
		case list == nil:
			fault, err = t.exec(ctx, p.statements[at])
		default:
			before, fault, err = t.inside(ctx, p.statements[at], &list[at], before)
		}
		if fault != nil || err != nil {
			t.rollBack(ctx)
			return at, fault, err
		}
	}
	at = max(p.last-1, p.first)
	fault, err = t.commit(ctx, p.statements, at)
	return at, fault, err
}

// commit blames what fails in it on statement number at.
func (t *tracer) commit(ctx context.Context, statements []sqltext.Stmt, at int) (*Failure, error) {
	commit := sqltext.Stmt{Text: "COMMIT"}
	if at < len(statements) {
		commit.Line, commit.Column = statements[at].Line, statements[at].Column
	}
	fault, err := t.exec(ctx, commit)
	if fault != nil {
		fault.AtCommit = true
	}
	return fault, err
}

// inside runs and measures one statement in the open transaction. It returns what the next one finds.
func (t *tracer) inside(ctx context.Context, stmt sqltext.Stmt, st *Statement, before *reading) (*reading, *Failure, error) {
	st.Ran, st.Held = true, before.on(t.base, nil)
	ddl := isDDL(stmt)
	if !ddl {
		if err := t.command(ctx, preferIndexes); err != nil {
			return before, nil, err
		}
	}
	start := time.Now()
	fault, err := t.exec(ctx, stmt)
	st.Duration = time.Since(start)
	if fault != nil || err != nil {
		return before, fault, err
	}
	after, err := t.read(ctx, inTransaction)
	if err != nil {
		return before, nil, err
	}
	if !ddl {
		if err := t.command(ctx, preferNothing); err != nil {
			return before, nil, err
		}
	}
	st.Locks = after.on(t.base, before)
	t.used(st, before, after)
	if objects := after.objects != before.objects; objects || after.classes != before.classes {
		err = t.changed(ctx, st, objects, firstWord(stmt) == "TRUNCATE")
	}
	return after, nil, err
}

// What still reads a table in full with the first of these has no index that would serve. A merge join or an index-only scan could
// read a whole index instead.
const (
	preferIndexes = "SET LOCAL enable_seqscan = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_indexonlyscan = off"
	preferNothing = "SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT; SET LOCAL enable_indexonlyscan TO DEFAULT"
)

// eachAlone runs the statements of a file without a transaction, each in one of its own where that can be.
func (t *tracer) eachAlone(ctx context.Context, p *script, list []Statement) (at int, fault *Failure, err error) {
	for at = p.first; at < p.last; at++ {
		var over bool
		over, err = t.passOver(ctx, p, at)
		switch {
		case over || err != nil:
		case list == nil:
			fault, err = t.exec(ctx, p.statements[at])
		default:
			fault, err = t.alone(ctx, p.statements, at, &list[at])
		}
		if fault != nil || err != nil {
			return at, fault, err
		}
	}
	return at, nil, nil
}

// commitsInside is invalid_transaction_termination: a DO block or a procedure wanted to commit.
const commitsInside = "2D000"

func (t *tracer) alone(ctx context.Context, statements []sqltext.Stmt, at int, st *Statement) (*Failure, error) {
	stmt := statements[at]
	if !needsNoTransaction(stmt) {
		fault, err := t.ownTransaction(ctx, statements, at, st)
		if err != nil || fault == nil || fault.SQLState != commitsInside || !isProcedural(stmt) {
			return fault, err
		}
		*st = Statement{}
	}
	return t.watched(ctx, stmt, st)
}

func (t *tracer) ownTransaction(ctx context.Context, statements []sqltext.Stmt, at int, st *Statement) (*Failure, error) {
	if err := t.command(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	st.Autocommit = true
	before, err := t.read(ctx, inTransaction)
	if err != nil {
		return nil, err
	}
	_, fault, err := t.inside(ctx, statements[at], st, before)
	if fault != nil || err != nil {
		t.rollBack(ctx)
		return fault, err
	}
	return t.commit(ctx, statements, at)
}
