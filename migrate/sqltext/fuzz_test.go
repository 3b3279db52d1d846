package sqltext_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// addSeeds gives a fuzz target the golden cases, grouped by feature there, and short pieces that meet at their ends.
func addSeeds(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob("testdata/split/*.sql")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	for _, src := range []string{
		"", ";", "\ufeff;\ufeff", "a\r;\r\nb", "E'\\'';'", "e'a'\r'\\';'", "U&'\\';\"", "$a$;$b$a$", "a$$;$$", "1e$$;$$", "0x$$;$$", "1_$$;$$",
		"/*/*;*/", "*/*;*/", "--;\r;", "-/*;*/-;", "((;)", ");(;)", "\\;", "\x00", "\xff",
		"create function f() begin atomic;end;", "create function f() begin atomic create procedure g() begin atomic end;select 1;end;select 2",
		"copy a from stdin;", "copy(a from stdin)", ":'a;'", "::$$;$$", "1..$$;$$", "$1a$$;$$",
	} {
		f.Add(src)
	}
}

func FuzzSplit(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		stmts, err := sqltext.Split(src)
		if err != nil {
			checkPlace(t, src, err.(*sqltext.Error)) //nolint:errorlint // Split promises this very type
			return
		}
		end := 0
		for _, s := range stmts {
			if s.Text == "" || s.Offset < end || !strings.HasPrefix(src[s.Offset:], s.Text) {
				t.Fatalf("%q: statement %+v is not where it says, or overlaps the one before", src, s)
			}
			end = s.Offset + len(s.Text)
			checkPositions(t, src, s)
			s.Control()
			s.NoTransaction()
		}
		joined := strings.Join(texts(stmts), ";\n")
		again, err := sqltext.Split(joined)
		if err != nil || !slices.Equal(texts(again), texts(stmts)) {
			t.Fatalf("%q: joined again, %q became %q, %v", src, texts(stmts), texts(again), err)
		}
		sqltext.Directives(src)
	})
}

// checkPlace wants the place of an error inside the text.
func checkPlace(t *testing.T, src string, err *sqltext.Error) {
	t.Helper()
	if !utf8.ValidString(src) {
		return
	}
	lastLine, _ := sqltext.Position(src, len(src))
	if err.Line < 1 || err.Line > lastLine || err.Column < 1 || err.Message == "" {
		t.Fatalf("%q: %v", src, err)
	}
}

// checkPositions wants the three ways to a place to agree.
func checkPositions(t *testing.T, src string, s sqltext.Stmt) {
	t.Helper()
	if line, column := sqltext.Position(src, s.Offset); line != s.Line || column != s.Column {
		t.Fatalf("%q: Position says %d:%d, %+v", src, line, column, s)
	}
	chars := utf8.RuneCountInString(s.Text) - 1
	_, size := utf8.DecodeLastRuneInString(s.Text)
	line, column := s.Position(chars)
	wantLine, wantColumn := sqltext.Position(src, s.Offset+len(s.Text)-size)
	if line != wantLine || column != wantColumn {
		t.Fatalf("%q: character %d of %+v is at %d:%d, want %d:%d", src, chars, s, line, column, wantLine, wantColumn)
	}
}
