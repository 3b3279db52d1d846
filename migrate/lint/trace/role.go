package trace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// passOver tells whether a statement is not run, since it would change the role that the scratch databases are made, filled and looked at
// as: what it takes away, or sets for new sessions, would be missing or hold for the trace itself. It is noted for the next file that is
// measured. What a file sets by SET ROLE and SET SESSION AUTHORIZATION ends with it, and is run.
func (t *tracer) passOver(ctx context.Context, p *script, at int) (bool, error) {
	stmt := p.statements[at]
	what, name := alteredRole(stmt)
	if what == "" {
		return false, nil
	}
	current, session := t.role, t.role
	if strings.HasSuffix(name, "_USER") || strings.HasSuffix(name, "_ROLE") { // SET ROLE may have come before
		if err := t.conn.QueryRowContext(ctx, "SELECT current_user::text, session_user::text").Scan(&current, &session); err != nil {
			return false, err
		}
	}
	switch name {
	case "ALL":
		name = t.role
	case "CURRENT_USER", "CURRENT_ROLE", "USER":
		name = current
	case "SESSION_USER":
		name = session
	default:
		if quoted, ok := strings.CutPrefix(name, `"`); ok {
			name = strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
		} else {
			name = strings.ToLower(name)
		}
	}
	if name != t.role {
		return false, nil
	}
	t.notes = append(t.notes, fmt.Sprintf("%s:%d:%d: %s is not run, as it would change %s, the role that everything on the throwaway server runs as",
		p.file.UpFile(), stmt.Line, stmt.Column, what, t.role))
	return true, nil
}

// alteredRole is the role that a statement changes, as a word of it, and the words up to it; "" for another statement. A change of its own
// name is refused by the server.
func alteredRole(stmt sqltext.Stmt) (what, name string) {
	tokens := stmt.Tokens(4)
	if len(tokens) < 4 || tokens[0].Word != "ALTER" || tokens[1].Word != "ROLE" && tokens[1].Word != "USER" || tokens[2].Word == "MAPPING" || tokens[3].Word == "RENAME" {
		return "", ""
	}
	return stmt.Text[:tokens[2].End], tokens[2].Word
}

// exec runs a statement, and refuses one that has changed the role in a way that its words do not show. In a transaction that is undone.
func (t *tracer) exec(ctx context.Context, stmt sqltext.Stmt) (*Failure, error) {
	if !mayHideRole(stmt) {
		return t.session.exec(ctx, stmt)
	}
	before, err := t.roleState(ctx)
	if err != nil {
		return nil, err
	}
	if fault, err := t.session.exec(ctx, stmt); fault != nil || err != nil {
		return fault, err
	}
	after, err := t.roleState(ctx)
	if err != nil || after == before {
		return nil, err
	}
	return &Failure{
		Line: stmt.Line, Column: stmt.Column, Message: fmt.Sprintf(
			"it changes %s, the role that everything on the throwaway server runs as, so that nothing after it can be measured", t.role),
		Hint: "Write ALTER ROLE as a statement of its own, which is passed over there.",
	}, nil
}

// MayAlterRole tells whether a file may change a role, by what its words show and what they may hide. One that does had better be run by
// [Run] than before it.
func MayAlterRole(f *migrate.File) bool {
	return slices.ContainsFunc(read(f).statements, func(stmt sqltext.Stmt) bool {
		what, _ := alteredRole(stmt)
		return what != "" || mayHideRole(stmt)
	})
}

func mayHideRole(stmt sqltext.Stmt) bool {
	if !slices.Contains([]string{"DO", "CALL", "SELECT"}, firstWord(stmt)) {
		return false
	}
	text := strings.ToUpper(stmt.Text)
	return strings.Contains(text, "ALTER") && (strings.Contains(text, "ROLE") || strings.Contains(text, "USER"))
}

// roleState is what the catalogs that everybody may read say of the role and of its sessions to come.
func (t *tracer) roleState(ctx context.Context) (state string, err error) {
	err = t.conn.QueryRowContext(ctx, `SELECT (SELECT r::text FROM pg_catalog.pg_roles r WHERE rolname = `+pq.QuoteLiteral(t.role)+`) ||
  coalesce((SELECT string_agg(setconfig::text, ',' ORDER BY setdatabase) FROM pg_catalog.pg_db_role_setting WHERE setrole = 0 AND setdatabase = 0), '')`).Scan(&state)
	return state, err
}
