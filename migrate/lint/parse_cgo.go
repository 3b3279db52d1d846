//go:build cgo

package lint

import (
	"errors"

	"github.com/pganalyze/pg_query_go/v6/parser"
)

// parseJSON parses by PostgreSQL's own grammar, linked in. The error is a *syntaxError.
func parseJSON(sql string) (string, error) {
	tree, err := parser.ParseToJSON(sql)
	if fault, ok := errors.AsType[*parser.Error](err); ok {
		return "", &syntaxError{Message: fault.Message, At: fault.Cursorpos - 1}
	}
	return tree, err
}

// parseBlockJSON parses the body of a DO statement by PL/pgSQL's own grammar.
func parseBlockJSON(do string) (string, error) { return parser.ParsePlPgSqlToJSON(do) }
