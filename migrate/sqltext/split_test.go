package sqltext_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

const bom = "\ufeff"

func texts(stmts []sqltext.Stmt) []string {
	var out []string
	for _, s := range stmts {
		out = append(out, s.Text)
	}
	return out
}

// Line ends and marks that a checkout or an editor would change are here, not in golden files.
func TestSplitCountsLinesAndColumnsInCharacters(t *testing.T) {
	for name, c := range map[string]struct {
		src          string
		text         string
		offset       int
		line, column int
	}{
		"first byte":                    {"x", "x", 0, 1, 1},
		"after a byte order mark":       {bom + "x;", "x", 3, 1, 1},
		"LF":                            {"\n x", "x", 2, 2, 2},
		"CRLF is one line end":          {"\r\n\r\n x", "x", 5, 3, 2},
		"CR alone is a line end":        {"\r\r x", "x", 3, 3, 2},
		"LF CR are two":                 {"\n\rx", "x", 2, 3, 1},
		"CR ends a line comment":        {"-- c\rx", "x", 5, 2, 1},
		"CRLF ends a line comment":      {"-- c\r\nx", "x", 6, 2, 1},
		"multi-byte characters are one": {"/* é€😀 */ x", "x", 16, 1, 11},
		"every blank":                   {" \t\f\vx\f\v", "x", 4, 1, 5},
		"no-break space is a letter":    {"\u00a0x", "\u00a0x", 0, 1, 1},
		"CRLF stays inside the text":    {"a\r\n+b\r\n;", "a\r\n+b", 0, 1, 1},
		"CR ends a comment in a string": {"E'a' -- '\r'\\';'", "E'a' -- '\r'\\';'", 0, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			stmts, err := sqltext.Split(c.src)
			if err != nil || len(stmts) != 1 {
				t.Fatalf("got %q, %v; want one statement", texts(stmts), err)
			}
			if want := (sqltext.Stmt{Text: c.text, Offset: c.offset, Line: c.line, Column: c.column}); stmts[0] != want {
				t.Errorf("got %+v, want %+v", stmts[0], want)
			}
		})
	}
}

func TestSplitRefusesWithAPlaceAndAdvice(t *testing.T) {
	for name, c := range map[string]struct {
		src          string
		line, column int
		message      string // a part of it
	}{
		"zero byte":                     {"SELECT 1;\nSELECT\x00", 2, 7, "UTF-8"},
		"zero byte in a comment":        {"--\x00", 1, 3, "zero byte"},
		"invalid byte":                  {"é\n'é\xff'", 2, 3, "0xff"},
		"cut character at the end":      {"'\xc3", 1, 2, "0xc3"},
		"surrogate":                     {"\xed\xa0\x80", 1, 1, "0xed"},
		"zero byte before invalid":      {"\x00\xff", 1, 1, "zero byte"},
		"invalid before zero byte":      {"\xff\x00", 1, 1, "0xff"},
		"UTF-16":                        {"\xff\xfeS\x00", 1, 1, "0xff"},
		"byte order mark inside":        {"SELECT 1;\n" + bom + "SELECT 2", 2, 1, "byte order mark"},
		"second byte order mark":        {bom + bom + "SELECT 2", 1, 1, "byte order mark"},
		"string of one quote":           {"'", 1, 1, "closed"},
		"string that ends in a quote":   {" E'\\'", 1, 2, "closed"},
		"string that ends in backslash": {"E'\\", 1, 1, "closed"},
		"second part of a string":       {"\n'a'\n'b", 2, 1, "closed"},
		"U& string":                     {"U&'a", 1, 1, "closed"},
		"U& identifier":                 {`U&"a`, 1, 1, "closed"},
		"identifier of one quote":       {`"`, 1, 1, "closed"},
		"doubled quote at the end":      {`"a""`, 1, 1, "closed"},
		"dollar quotes":                 {"$$", 1, 1, "end it with $$"},
		"dollar quotes with a tag":      {"a $é$ $e$", 1, 3, "end it with $é$"},
		"comment":                       {"/*", 1, 1, "*/"},
		"comment, overlapping":          {"/*/", 1, 1, "*/"},
		"comment in a comment":          {"1 /* /* */", 1, 3, "*/"},
		"parenthesis":                   {"a ((b);", 1, 3, ")"},
		"parenthesis in a body":         {"CREATE FUNCTION f() BEGIN ATOMIC SELECT (1; END;", 1, 41, ")"},
		"body":                          {"CREATE FUNCTION f() BEGIN ATOMIC", 1, 21, "END"},
		"unknown psql command":          {"\\foo bar", 1, 1, `\foo is a psql command`},
		"lone backslash":                {"\r\n\\", 2, 1, "psql"},
		"end of data":                   {"1\n2\n\\.\n", 3, 1, "INSERT"},
		"COPY FROM STDIN":               {";copy t from stdin;", 1, 2, "INSERT"},
		"COPY FROM STDOUT":              {"COPY t (a) FROM /* */ STDOUT", 1, 1, "INSERT"},
		"COPY s.from (a) FROM STDIN":    {`COPY s.from (a) FROM STDIN`, 1, 1, "INSERT"},
		"COPY from FROM STDIN":          {`COPY "from" FROM STDIN`, 1, 1, "INSERT"},
	} {
		t.Run(name, func(t *testing.T) {
			stmts, err := sqltext.Split(c.src)
			fault, ok := errors.AsType[*sqltext.Error](err)
			if !ok {
				t.Fatalf("got %q, %v; want an *Error", texts(stmts), err)
			}
			if stmts != nil {
				t.Errorf("statements beside the error: %q", texts(stmts))
			}
			if fault.Line != c.line || fault.Column != c.column || !strings.Contains(fault.Message, c.message) {
				t.Errorf("got %v, want line %d, column %d: ...%s...", fault, c.line, c.column, c.message)
			}
		})
	}
}

func TestSplitNamesALongPsqlCommandShortly(t *testing.T) {
	_, err := sqltext.Split(`\` + strings.Repeat("é", 1000))
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("got a message of %d bytes: %v", len(err.Error()), err)
	}
}

func TestWordsSkipsCommentsAndKeepsQuotedTokens(t *testing.T) {
	src := "create /* x */ Unique -- y\n index größe \"Index\" on t.a(1.5, E'b', $1)->>'c'"
	stmts, err := sqltext.Split(src)
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"CREATE", "UNIQUE", "INDEX", "GRößE", `"Index"`, "ON", "T", ".", "A", "(", "1.5", ",", "E'b'", ",", "$1", ")", "->>", "'c'"}
	for _, n := range []int{-1, 0, 1, 2, len(all) - 1, len(all), len(all) + 1} {
		want := all[:max(0, min(n, len(all)))]
		if got := stmts[0].Words(n); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("Words(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestWordsStopsWhereAHandMadeTextCannotBeRead(t *testing.T) {
	if got := (sqltext.Stmt{Text: "SELECT 'open"}).Words(5); len(got) != 1 || got[0] != "SELECT" {
		t.Errorf("got %q", got)
	}
}
