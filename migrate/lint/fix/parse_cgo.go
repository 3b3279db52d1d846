//go:build cgo

package fix

import "github.com/pganalyze/pg_query_go/v6/parser"

// parse is PostgreSQL's own grammar, linked in; the tree is JSON.
func parse(sql string) (string, error) { return parser.ParseToJSON(sql) }
