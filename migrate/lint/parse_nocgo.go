//go:build !cgo

package lint

import (
	"errors"

	"github.com/wasilibs/go-pgquery/parser"
)

// parseJSON parses by PostgreSQL's own grammar, compiled to WebAssembly: the same results, but some seconds until the first.
// The error is a *syntaxError.
func parseJSON(sql string) (string, error) {
	tree, err := parser.ParseToJSON(sql)
	if fault, ok := errors.AsType[*parser.Error](err); ok {
		return "", &syntaxError{Message: fault.Message, At: fault.Cursorpos - 1}
	}
	return tree, err
}

// parseBlockJSON parses the body of a DO statement by PL/pgSQL's own grammar.
func parseBlockJSON(do string) (string, error) { return parser.ParsePlPgSqlToJSON(do) }
