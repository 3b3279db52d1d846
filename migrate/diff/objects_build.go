package diff

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// unmade is a statement that the server refused so far.
type unmade struct {
	sqlStatement
	err error
}

func statementsOf(left []unmade) (statements []sqlStatement) {
	for _, u := range left {
		statements = append(statements, u.sqlStatement)
	}
	return statements
}

// makeWhatGoes runs statements, each by itself, again and again as long as one more succeeds: so the server says what stands on what.
// The error is for what must not be run at all, and for a context that ended.
func makeWhatGoes(ctx context.Context, db *sql.DB, statements []sqlStatement) (left []unmade, err error) {
	for {
		left = nil
		for _, s := range statements {
			if err := refuseTableIndex(ctx, db, s); err != nil {
				return nil, err
			}
			if _, err := db.ExecContext(ctx, s.text); err != nil {
				left = append(left, unmade{s, err})
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, &ModelError{Err: err}
		}
		if len(left) == 0 || len(left) == len(statements) {
			return left, nil
		}
		statements = statementsOf(left)
	}
}

// missing are the codes for a thing that is not there, yet perhaps (PostgreSQL 18, src/backend/utils/errcodes.txt): undefined_table,
// undefined_function, undefined_object, undefined_column, invalid_schema_name.
var missing = []string{"42P01", "42883", "42704", "42703", "3F000"}

func codeOf(err error) string {
	if e, ok := errors.AsType[*pq.Error](err); ok {
		return string(e.Code)
	}
	return ""
}

// causes are the faults that have another reason than something missing: they may be why more is.
func causes(left []unmade) error {
	var faults []error
	for _, u := range left {
		if !slices.Contains(missing, codeOf(u.err)) {
			faults = append(faults, u.fault())
		}
	}
	return errors.Join(faults...)
}

// needed are the faults that may be why a table could not be made: of what it may stand on, those too that miss something.
func needed(err error, left []unmade) error {
	if found := causes(left); found != nil || !slices.Contains(missing, codeOf(err)) {
		return found
	}
	var faults []error
	for _, u := range left {
		if isKind(u.stmt, "EXTENSION", "SCHEMA", "FUNCTION") {
			faults = append(faults, u.fault())
		}
	}
	return errors.Join(faults...)
}

func (u unmade) fault() *ModelError {
	at := 0
	if e, ok := errors.AsType[*pq.Error](u.err); ok {
		if n, err := strconv.Atoi(e.Position); err == nil {
			at = n - 1
		}
	}
	return &ModelError{Place: u.place(at), Statement: u.stmt.Text, Err: u.err}
}

// explain makes errors of what could not be made: those that have a reason of their own, and all where none has.
func explain(ctx context.Context, db *sql.DB, left []unmade) error {
	if err := causes(left); err != nil {
		return err
	}
	var faults []error
	for _, u := range left {
		f := u.fault()
		if role, err := missingRole(ctx, db, u); err != nil {
			return err
		} else if role != "" {
			f.Err = fmt.Errorf("there is no role %s on the scratch server, and Plinth makes none, since a role is the whole server's: make it in a migration by hand "+
				"(plinth new) that skips it where it is there, or name a server that has it by --dev-url; PUBLIC and CURRENT_USER are everywhere", ident(role))
		}
		faults = append(faults, f)
	}
	return errors.Join(faults...)
}

// missingRole is the first role that a statement names and the server lacks; "" for none.
func missingRole(ctx context.Context, db *sql.DB, u unmade) (string, error) {
	words := u.stmt.Words(len(u.stmt.Text))
	var before string
	switch {
	case isKind(u.stmt, "POLICY"), words[0] == "GRANT":
		before = "TO"
	case words[0] == "REVOKE":
		before = "FROM"
	default:
		return "", nil
	}
	at := slices.Index(words, before)
	if at < 0 {
		return "", nil
	}
	for _, word := range words[at+1:] {
		switch word {
		case "USING", "WITH", "GRANTED", "CASCADE", "RESTRICT":
			return "", nil
		case ",", "GROUP", "PUBLIC", "CURRENT_USER", "CURRENT_ROLE", "SESSION_USER":
			continue
		}
		var there bool
		if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", nameOf(word)).Scan(&there); err != nil {
			return "", &ModelError{Err: err}
		}
		if !there {
			return nameOf(word), nil
		}
	}
	return "", nil
}

// refuseTableIndex keeps the indexes of tables where they are planned.
func refuseTableIndex(ctx context.Context, db *sql.DB, s sqlStatement) error {
	if !isKind(s.stmt, "INDEX", "UNIQUE INDEX") {
		return nil
	}
	words := s.stmt.Tokens(len(s.text))
	on := slices.IndexFunc(words, func(t sqltext.Token) bool { return t.Word == "ON" })
	if on < 0 || on+1 == len(words) {
		return nil // for the server to refuse
	}
	if words[on+1].Word == "ONLY" {
		on++
	}
	end := on + 1
	if end+2 < len(words) && words[end+1].Word == "." {
		end += 2
	}
	name := s.stmt.Text[words[min(on+1, len(words)-1)].Start:words[min(end, len(words)-1)].End]
	var table bool
	err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass($1) AND relkind IN ('r', 'p'))", name).Scan(&table)
	if err != nil {
		return &ModelError{Place: s.place(0), Statement: s.stmt.Text, Err: err}
	}
	if table {
		return &ModelError{Place: s.place(0), Statement: s.stmt.Text, Err: fmt.Errorf(
			"%s is a table: its indexes belong to the Ent schema, or into a migration by hand (plinth new); here are those of materialized views", name)}
	}
	return nil
}

// checkGrants refuses privileges on tables and sequences, which are not planned: they would be lost in silence.
func checkGrants(ctx context.Context, db *sql.DB, statements []sqlStatement) error {
	i := slices.IndexFunc(statements, func(s sqlStatement) bool { return s.stmt.Words(1)[0] == "GRANT" || s.stmt.Words(1)[0] == "REVOKE" })
	if i < 0 {
		return nil
	}
	const query = `SELECT coalesce(string_agg(oid::regclass::text, ', '), '') FROM pg_class c WHERE oid >= 16384 AND (
	relkind IN ('r', 'p', 'S') AND relacl IS NOT NULL OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
) AND NOT EXISTS (SELECT FROM pg_depend ext WHERE ext.classid = 'pg_class'::regclass AND ext.objid = c.oid AND ext.deptype = 'e')`
	var names string
	if err := db.QueryRowContext(ctx, query).Scan(&names); err != nil {
		return &ModelError{Err: err}
	}
	if names == "" {
		return nil
	}
	return &ModelError{Place: statements[i].place(0), Statement: statements[i].stmt.Text, Err: fmt.Errorf(
		"privileges on %s: those of tables, sequences and single columns are not planned from here; write them into a migration by hand (plinth new)", names)}
}
