//go:build !cgo

package fix

import "github.com/wasilibs/go-pgquery/parser"

// parse is PostgreSQL's own grammar, compiled to WebAssembly; the tree is JSON.
func parse(sql string) (string, error) { return parser.ParseToJSON(sql) }
