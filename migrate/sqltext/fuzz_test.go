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
	})
}

func FuzzDirectives(f *testing.F) {
	addSeeds(f)
	for _, src := range []string{
		"-- atlas:txmode none", "--plinth:parents 1 2\r\n--\tatlas:nolint  PG101 \f why\n;-- plinth:late", bom + "-- plinth:\n-- atlas:",
		"/* a */ -- plinth:no\n-- plinth:yes\n/*\n*/ -- plinth:no\n-- plinth:yes", "-- Plinth:no\n--- plinth:no\n-- plinth:a--b", "-- plinth:\x00 \xff",
	} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		found := sqltext.Directives(src)
		written := ""
		for i, d := range found {
			if i > 0 && d.Line <= found[i-1].Line || d.Line < 1 {
				t.Fatalf("%q: %+v is not in the order of the lines", src, found)
			}
			if strings.ContainsAny(d.Name+d.Args, "\r\n") || strings.ContainsAny(d.Name, " \t\f\v") || strings.Trim(d.Args, " \t\f\v") != d.Args {
				t.Fatalf("%q: %+v holds what cannot stand in it", src, d)
			}
			if at := strings.Index(src, d.Name); at < 0 || !strings.HasPrefix(d.Name, "atlas:") && !strings.HasPrefix(d.Name, "plinth:") {
				t.Fatalf("%q does not say %+v", src, d)
			}
			written += "-- " + d.Name + " " + d.Args + "\n"
		}
		again := sqltext.Directives(written)
		for i := range again {
			again[i].Line = found[i].Line
		}
		if !slices.Equal(again, found) {
			t.Fatalf("%q: written down, %+v is read as %+v", src, found, again)
		}
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
