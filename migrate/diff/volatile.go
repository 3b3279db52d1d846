package diff

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// volatileIn gives what tells expressions that may call a volatile function of the database: for such a default PostgreSQL computes a
// value for each row that is there, which writes the table anew (manual, ALTER TABLE, Notes). A function that is not there yet is taken
// for one, and so is a name that several functions have of which one is.
func volatileIn(ctx context.Context, db *sql.DB) (func(expr string) bool, error) {
	var names []string
	const query = `SELECT array_agg(DISTINCT proname::text) FROM pg_proc WHERE proname NOT IN (SELECT proname FROM pg_proc WHERE provolatile = 'v')`
	if err := db.QueryRowContext(ctx, query).Scan(pq.Array(&names)); err != nil {
		return nil, fmt.Errorf("diff: read the functions: %w", err)
	}
	calm := make(map[string]bool, len(names))
	for _, n := range names {
		calm[n] = true
	}
	return func(expr string) bool {
		tokens := sqltext.Stmt{Text: expr}.Tokens(len(expr))
		for i, t := range tokens {
			name := unquoted(expr[t.Start:t.End])
			if i+1 < len(tokens) && expr[tokens[i+1].Start] == '(' && isName(name) && !calm[name] {
				return true
			}
		}
		return false
	}, nil
}

// isName tells names and keywords from operators and literals.
func isName(text string) bool {
	return text != "" && (text[0] == '_' || strings.ToLower(text[:1]) != strings.ToUpper(text[:1]))
}
