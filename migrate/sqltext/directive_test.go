package sqltext_test

import (
	"slices"
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestDirectivesAreLeadingCommentLines(t *testing.T) {
	type ds = []sqltext.Directive
	none := sqltext.Directive{Name: "atlas:txmode", Args: "none", Line: 1}
	for name, c := range map[string]struct {
		src  string
		want ds
	}{
		"empty":                     {"", nil},
		"plain":                     {"-- atlas:txmode none", ds{none}},
		"no blank after the dashes": {"--atlas:txmode none", ds{none}},
		"blanks around":             {" \t--\t atlas:txmode \t none \t\n", ds{none}},
		"CRLF":                      {"-- atlas:txmode none\r\nSELECT 1", ds{none}},
		"after a byte order mark":   {bom + "-- atlas:txmode none", ds{none}},
		"without arguments":         {"-- plinth:irreversible\n", ds{{Name: "plinth:irreversible", Line: 1}}},
		"several, among others": {
			"-- made by diff\n\n-- plinth:parents 1  2\n/* block\n */\n-- atlas:nolint PG101 the table is new\n\nSELECT 1;",
			ds{{Name: "plinth:parents", Args: "1  2", Line: 3}, {Name: "atlas:nolint", Args: "PG101 the table is new", Line: 6}},
		},
		"no name":                    {"-- atlas: txmode none", ds{{Name: "atlas:", Args: "txmode none", Line: 1}}},
		"after a statement":          {"SELECT 1; -- atlas:txmode none\n-- atlas:txmode none", nil},
		"after a lone semicolon":     {";\n-- atlas:txmode none", nil},
		"before and after":           {"-- atlas:txmode none\nSELECT 1\n-- atlas:txmode all\n;", ds{none}},
		"in a block comment":         {"/* atlas:txmode none */ /*\n-- atlas:txmode none\n*/", nil},
		"behind a block comment":     {"/* x\n */ -- atlas:txmode none", nil},
		"behind a comment's words":   {"-- see atlas:txmode none", nil},
		"another prefix":             {"-- goose:up\n-- atlas", nil},
		"capital letters":            {"-- Atlas:txmode none", nil},
		"before what cannot be read": {"-- atlas:txmode none\n/* open", ds{none}},
		"before a psql command":      {"-- atlas:txmode none\n\\restrict x\n-- atlas:txmode all", ds{none}},
		"behind a third dash":        {"--- atlas:txmode none", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sqltext.Directives(c.src); !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
