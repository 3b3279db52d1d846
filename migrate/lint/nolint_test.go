package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

var (
	dropTable  = &lint.Rule{Code: "DS102", Name: "drop-table", Group: lint.Destructive, Severity: lint.Error, Atlas: "DS102"}
	dropColumn = &lint.Rule{Code: "DS103", Name: "drop-column", Group: lint.Destructive, Severity: lint.Error, Atlas: "DS103"}
	noReader   = &lint.Rule{Code: "BC901", Name: "drop-used", Group: lint.Incompatible, Severity: lint.Warning, Atlas: "BC103"}
	testRules  = []*lint.Rule{dropTable, dropColumn, noReader}
)

func findRule(name string) (found []*lint.Rule) {
	for _, r := range testRules {
		if slices.Contains([]string{r.Code, r.Name, string(r.Group), r.Atlas}, name) {
			found = append(found, r)
		}
	}
	return found
}

// findDrops has a finding of drop-table where DROP TABLE begins, of drop-column at each DROP COLUMN and of drop-used at each of both.
// Only the statements' own words count, so each finding's place is right wherever the directives are.
func findDrops(t *testing.T, file, source string) (stmts []sqltext.Stmt, findings []lint.Finding) {
	t.Helper()
	stmts, err := sqltext.Split(source)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stmts {
		words := s.Tokens(1000)
		for i, w := range words[:len(words)-1] {
			rules := map[string][]*lint.Rule{"DROP TABLE": {dropTable, noReader}, "DROP COLUMN": {dropColumn, noReader}}[w.Word+" "+words[i+1].Word]
			for _, r := range rules {
				line, column := sqltext.Position(source, s.Offset+w.Start)
				findings = append(findings, lint.Finding{Rule: r, Severity: r.Severity, File: file, Line: line, Column: column, Statement: s.Text})
			}
		}
	}
	return stmts, findings
}

// TestNolint has what is left of a file's findings, as "line code". Those of the directives have their place: "line:column code".
func TestNolint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, source string
		want         string
	}{
		{"none", "DROP TABLE a;", "1 DS102, 1 BC901"},
		{"above a statement", "-- atlas:nolint DS102 BC901 nobody reads it\nDROP TABLE a;\nDROP TABLE b;", "3 DS102, 3 BC901"},
		{"one of two rules", "-- atlas:nolint DS102 nobody reads it\nDROP TABLE a;", "2 BC901"},
		{"by name", "-- atlas:nolint drop-table drop-used nobody reads it\nDROP TABLE a;", ""},
		{"by group", "-- atlas:nolint destructive nobody reads it\nDROP TABLE a;", "2 BC901"},
		{"by Atlas's code", "-- atlas:nolint BC103 nobody reads it\nDROP TABLE a;", "2 DS102"},
		{"with commas and a colon", "-- atlas:nolint DS102, BC901: destructive, but empty\nDROP TABLE a;", ""},
		{"every rule, with a reason", "-- atlas:nolint the table is empty\nDROP TABLE a;", ""},
		{"in several lines", "-- atlas:nolint DS102 it is empty\n-- more words\n-- atlas:nolint BC901 nobody reads it\nDROP TABLE a;", ""},
		{"without blanks", "--atlas:nolint DS102 BC901 why not\nDROP TABLE a;", ""},
		{"with CRLF", "-- atlas:nolint DS102 BC901 why not\r\nDROP TABLE a;\r\nDROP TABLE b;\r\n", "3 DS102, 3 BC901"},
		{"after a byte order mark", "\ufeff-- atlas:nolint DS102 BC901 why not\nDROP TABLE a;", ""},
		{"twice the same", "-- atlas:nolint DS102 BC901 why\n-- atlas:nolint DS102 because\nDROP TABLE a;", ""},

		{"for the file", "-- atlas:nolint DS102 BC901 all are empty\n\nDROP TABLE a;\nDROP TABLE b;", ""},
		{"for the file, an empty line with blanks", "-- atlas:nolint DS102 BC901 all are empty\n \t\nDROP TABLE a;\nDROP TABLE b;", ""},
		{"for the file, with CRLF", "-- atlas:nolint DS102 BC901 all are empty\r\n\r\nDROP TABLE a;\r\nDROP TABLE b;", ""},
		{"for the file, then for a statement", "-- atlas:nolint DS102 it is empty\n\n-- atlas:nolint BC901 not read\nDROP TABLE a;\nDROP TABLE b;", "5 BC901"},
		{"a comment between is no empty line", "-- atlas:nolint DS102 BC901 it is empty\n-- x\nDROP TABLE a;\nDROP TABLE b;", "4 DS102, 4 BC901"},
		{"later, an empty line changes nothing", "SELECT 1;\n-- atlas:nolint DS102 BC901 empty\n\nDROP TABLE a;\nDROP TABLE b;", "5 DS102, 5 BC901"},

		{"inside a statement", "ALTER TABLE a\n  -- atlas:nolint DS103 BC901 nobody reads it\n  DROP COLUMN b;\nDROP TABLE b;", "4 DS102, 4 BC901"},
		{"inside, before a later part", "ALTER TABLE a DROP COLUMN b,\n-- atlas:nolint DS103 BC901 both are empty\n  DROP COLUMN c;", ""},
		{"behind a statement", "DROP TABLE a; -- atlas:nolint DS102 BC901 it is empty\nDROP TABLE b;", "2 DS102, 2 BC901"},
		{"behind the last statement", "DROP TABLE a -- atlas:nolint DS102 BC901 it is empty", ""},
		{"two statements in a line", "-- atlas:nolint DS102 BC901 it is empty\nDROP TABLE a; DROP TABLE b;", "2 DS102, 2 BC901"},

		{"in a string", "SELECT '\n-- atlas:nolint\n'; DROP TABLE a;", "3 DS102, 3 BC901"},
		{"in a quoted name", "SELECT 1 AS \"\n-- atlas:nolint\n\"; DROP TABLE a;", "3 DS102, 3 BC901"},
		{"in a dollar quote", "DO $x$\n-- atlas:nolint\n$x$; DROP TABLE a;", "3 DS102, 3 BC901"},
		{"in a block comment", "/*\n/* */ -- atlas:nolint\n*/ DROP TABLE a;", "3 DS102, 3 BC901"},
		{"behind a block comment", "/* x */ -- atlas:nolint DS102 BC901 it is empty\nDROP TABLE a;", ""},
		{"in the text of a comment", "-- see atlas:nolint\nDROP TABLE a;", "2 DS102, 2 BC901"},
		{"a longer name", "-- atlas:nolints DS102\nDROP TABLE a;", "2 DS102, 2 BC901"},

		{"without a reason", "-- atlas:nolint DS102 BC901\nDROP TABLE a;", "1:1 DI201"},
		{"without rules or reason", "  -- atlas:nolint\nDROP TABLE a;", "1:3 DI201"},
		{"a reason without a letter", "-- atlas:nolint DS102 BC901 -- 2026!\nDROP TABLE a;", "1:1 DI201"},
		{"without effect", "-- atlas:nolint DS103 it is empty\nDROP TABLE a;", "2 DS102, 2 BC901, 1:1 DI202"},
		{"half without effect", "-- atlas:nolint DS102 DS103 BC901 it is empty\nDROP TABLE a;", "1:1 DI202"},
		{"every rule, without effect", "-- atlas:nolint nothing to see\nSELECT 1;", "1:1 DI202"},
		{"without reason or effect", "SELECT 1; -- atlas:nolint DS102", "1:11 DI202, 1:11 DI201"},
		{"behind everything", "DROP TABLE a;\n-- atlas:nolint DS102 it is empty\n", "1 DS102, 1 BC901, 2:1 DI202"},
		{"in a file without statements", "-- atlas:nolint DS102 it is empty\n", "1:1 DI202"},
		{"a misspelt code", "-- atlas:nolint DS999 it is empty\nDROP TABLE a;", "2 DS102, 2 BC901, 1:1 DI202"},
		{"a misspelt code among others", "-- atlas:nolint DS102 DS999 BC901 it is empty\nDROP TABLE a;", "1:1 DI202"},
		{"a misspelt name", "-- atlas:nolint drop-tabel it is empty\nDROP TABLE a;", "2 DS102, 2 BC901, 1:1 DI202"},
		{"a misspelt group alone", "-- atlas:nolint destuctive\nDROP TABLE a;", "2 DS102, 2 BC901, 1:1 DI202, 1:1 DI201"},
		{"a reason that is a rule's name", "-- atlas:nolint DS102 BC901 incompatible, we know\nDROP TABLE a;", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			stmts, findings := findDrops(t, "1_a.up.sql", c.source)
			var got []string
			for _, f := range lint.ApplyNolint("1_a.up.sql", c.source, stmts, findings, findRule, nil) {
				place := fmt.Sprint(f.Line)
				if f.Rule.Group == lint.Directory {
					place = fmt.Sprintf("%d:%d", f.Line, f.Column)
					if f.Severity != lint.Warning || f.Message == "" || f.Fix == "" || f.File != "1_a.up.sql" {
						t.Errorf("the directive's finding lacks something: %+v", f)
					}
				}
				got = append(got, place+" "+f.Rule.Code)
			}
			if got := strings.Join(got, ", "); got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.source, got, c.want)
			}
		})
	}
}

func TestNolintLeavesOtherFilesAndTheWholeFileAlone(t *testing.T) {
	t.Parallel()
	const source = "-- atlas:nolint DS102 it is empty\nDROP TABLE a;"
	stmts, findings := findDrops(t, "1_a.up.sql", source)
	others := []lint.Finding{
		{Rule: dropTable, File: "2_b.up.sql", Line: 2, Column: 1},
		{Rule: dropTable, File: "1_a.up.sql"}, // about the file, so a statement's directive is not about it
		{Rule: dropTable},
		{File: "1_a.up.sql", Line: 2},
	}
	got := lint.ApplyNolint("1_a.up.sql", source, stmts, append(findings[:1:1], others...), findRule, nil)
	if len(got) != len(others) {
		t.Errorf("got %+v, want what is elsewhere: %+v", got, others)
	}
	got = lint.ApplyNolint("1_a.up.sql", source+"\n", stmts, []lint.Finding{{Rule: dropTable, File: "1_a.up.sql", Line: 2}}, findRule, nil)
	if len(got) != 0 {
		t.Errorf("a finding without a column is in the line's last statement; got %+v", got)
	}
}

func TestNolintOfARuleThatWasNotLookedForIsNotCalledUnused(t *testing.T) {
	t.Parallel()
	const source = "-- atlas:nolint DS102 DS103 it is empty\n-- atlas:nolint whatever it is\nSELECT 1;"
	stmts, _ := findDrops(t, "", source)
	got := lint.ApplyNolint("", source, stmts, nil, findRule, func(r *lint.Rule) bool { return r == dropTable })
	if len(got) != 1 || !strings.Contains(got[0].Message, "DS102") {
		t.Errorf("got %+v, want DS102 alone to be unused", got)
	}
}

func TestNolintReadsATextThatCannotBeSplitUpToTheFault(t *testing.T) {
	t.Parallel()
	const source = "-- atlas:nolint DS102 it is empty\n'never closed\n-- atlas:nolint DS103 no comment"
	got := lint.ApplyNolint("", source, nil, nil, findRule, nil)
	if len(got) != 1 || got[0].Line != 1 {
		t.Errorf("got %+v, want the first line's ignore to be unused", got)
	}
}

// FuzzNolint holds that directives only silence what is in their file, add only findings about themselves, and that a text without the
// word has none.
func FuzzNolint(f *testing.F) {
	for _, source := range []string{
		"-- atlas:nolint DS102 why\nDROP TABLE a;",
		"-- atlas:nolint\n\nDROP TABLE a;\nDROP TABLE b; -- atlas:nolint DS102:",
		"ALTER TABLE a -- atlas:nolint , ; :\n DROP COLUMN b;",
		"SELECT '-- atlas:nolint', $$\n-- atlas:nolint\n$$; /* -- atlas:nolint */ -- atlas:nolint\r\rSELECT 1",
		"\ufeff--\u00a0atlas:nolint é\n;;DROP TABLE a", "-- atlas:nolint DS102\f\vDS999 é", "'-- atlas:nolint",
	} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		stmts, err := sqltext.Split(source)
		if err != nil {
			stmts = nil
		}
		var findings []lint.Finding
		for _, s := range stmts {
			findings = append(findings, lint.Finding{Rule: dropTable, File: "a", Line: s.Line, Column: s.Column}, lint.Finding{Rule: dropTable, File: "b", Line: s.Line})
		}
		lines, elsewhere := strings.Count(source, "\n")+strings.Count(source, "\r")+1, 0
		for _, got := range lint.ApplyNolint("a", source, stmts, findings, findRule, nil) {
			switch {
			case got.File == "b":
				elsewhere++
			case got.Rule == dropTable:
			case got.Rule != lint.NolintUnused && got.Rule != lint.NolintWithoutReason:
				t.Errorf("%q: %+v", source, got)
			case got.Line < 1 || got.Line > lines || got.Column < 1 || !strings.Contains(source, "atlas:nolint"):
				t.Errorf("%q: a directive at %d:%d", source, got.Line, got.Column)
			}
		}
		if elsewhere != len(stmts) {
			t.Errorf("%q: %d of %d findings in another file are left", source, elsewhere, len(stmts))
		}
	})
}
