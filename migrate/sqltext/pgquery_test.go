//go:build cgo

package sqltext_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	pgquery "github.com/pganalyze/pg_query_go/v6"
	"pgregory.net/rapid"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// These targets compare with PostgreSQL 17's own scanner and grammar, which pg_query_go carries as C.

func FuzzMarksAsPostgreSQLScansThem(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		if skipsComparison(src) {
			return
		}
		want, refused := scanMarks(src)
		got, err := sqltext.Marks(src)
		if refused != nil {
			return
		}
		if err != nil {
			t.Fatalf("%q: we refuse what PostgreSQL scans: %v", src, err)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q:\n got %v\nwant %v", src, got, want)
		}
	})
}

func FuzzSplitAsPostgreSQLParses(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		if skipsComparison(src) {
			return
		}
		want, refused := pgquery.SplitWithParser(src, false)
		if refused != nil {
			return
		}
		got, err := sqltext.Split(src)
		if fault, ok := errors.AsType[*sqltext.Error](err); ok && strings.HasPrefix(fault.Message, "COPY ... FROM STDIN") {
			return
		}
		if err != nil {
			t.Fatalf("%q: we refuse what PostgreSQL parses: %v", src, err)
		}
		if !slices.Equal(texts(got), trimmed(t, want)) {
			t.Fatalf("%q:\n got %q\nwant %q", src, texts(got), want)
		}
	})
}

// skipsComparison leaves out what cannot reach the C side (a zero byte); what we refuse and PostgreSQL scans: an inner byte
// order mark (a letter there) and a backslash outside quotes (a lone character there, then a syntax error); and what
// libpg_query changed in PostgreSQL's scanner: it gives comments as tokens, so E'a' -- comment, line end, '\” is not one
// string there. In the server it is (TestSplitAgreesWithTheServerOnLiterals).
func skipsComparison(src string) bool {
	if strings.ContainsRune(src, 0) || strings.Contains(src, bom) {
		return true
	}
	if strings.Contains(src, "--") && strings.Contains(src, `\`) {
		return true
	}
	_, err := sqltext.Split(src)
	fault, ok := errors.AsType[*sqltext.Error](err)
	return ok && (strings.Contains(fault.Message, "psql command") || strings.Contains(fault.Message, "not valid UTF-8"))
}

// trimmed takes the comments and blanks off that PostgreSQL leaves around its statements.
func trimmed(t *testing.T, stmts []string) []string {
	t.Helper()
	var out []string
	for _, s := range stmts {
		parts, err := sqltext.Split(s)
		if err != nil || len(parts) > 1 {
			t.Fatalf("one statement for PostgreSQL, %q for us: %v", texts(parts), err)
		}
		out = append(out, texts(parts)...)
	}
	return out
}

func scanMarks(src string) ([]sqltext.Mark, error) {
	result, err := pgquery.Scan(src)
	if err != nil {
		return nil, err
	}
	var marks []sqltext.Mark
	for _, tok := range result.Tokens {
		switch tok.Token {
		case pgquery.Token_ASCII_40, pgquery.Token_ASCII_41, pgquery.Token_ASCII_59:
			marks = append(marks, sqltext.Mark{Symbol: src[tok.Start], Offset: int(tok.Start)})
		}
	}
	return marks, nil
}

// Random bytes seldom close what they open; joined pieces of the lexical rules do.
func TestMarksOfJoinedPiecesAsPostgreSQLScansThem(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"'", "''", "E'", "U&'", "x'", `\`, `"`, `U&"`, "$", "$$", "$a$", "$é$", "a", "é", "_", "e", "E", "1", "0x", "1e", "1.", ".",
		"-", "--", "/", "/*", "*/", "*", "+", ":", "&", ";", ";", "(", ")", " ", "\n", "\r", "\f", ",",
	})
	compared := 0
	rapid.Check(t, func(r *rapid.T) {
		src := strings.Join(rapid.SliceOfN(piece, 1, 25).Draw(r, "pieces"), "")
		if skipsComparison(src) {
			return
		}
		want, refused := scanMarks(src)
		if refused != nil {
			return
		}
		compared++
		if got, err := sqltext.Marks(src); err != nil || !slices.Equal(got, want) {
			r.Fatalf("%q:\n got %v, %v\nwant %v", src, got, err, want)
		}
	})
	if compared == 0 {
		t.Error("PostgreSQL took none of the texts, so nothing was compared")
	}
}
