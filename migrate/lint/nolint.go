package lint

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// NolintWithoutReason is about an ignore that does not say why.
var NolintWithoutReason = &Rule{
	Code: "DI201", Name: "nolint-without-reason", Group: Directory, Severity: Warning,
	Summary: "An ignore does not say why the statement is safe",
	Why: "`-- atlas:nolint` silences a finding for whoever reads the file later, too. Without a reason nobody can tell whether it still holds. " +
		"The ignore works all the same, as it does for the Atlas command.",
	Fix: "Write the reason after the rules: `-- atlas:nolint DS102 nobody has used this table since March`.",
}

// NolintUnused is about an ignore that silences nothing.
var NolintUnused = &Rule{
	Code: "DI202", Name: "nolint-unused", Group: Directory, Severity: Warning,
	Summary: "An ignore silences nothing",
	Why: "No finding of the rule is where the ignore stands: the statement was changed, the name is misspelt, or the comment is in the wrong place. " +
		"It would silence a finding that somebody causes there later.",
	Fix: "Remove it, or move it: above the statement or inside it for that statement; above the first statement, with an empty line between, for the file.",
}

// A nolint is a directive: -- atlas:nolint.
type nolint struct {
	line, column int
	stmt         int          // the statement that it is about, -1 for the whole file; past the last one for none
	where        string       // that in words
	names        []nolintName // none: every rule
	reason       string
	used         bool // of one without names
}

// nolintName is a word of a directive that names rules, or is meant to.
type nolintName struct {
	word  string
	rules []*Rule // none if it is misspelt
	used  bool
}

// applyNolint returns the findings without those of the file that its directives silence, and with what is to be said of the directives
// themselves. Findings in other files stay as they are. find returns the rules that a word means: by Code, Name, Group or Atlas's code.
// checked says whether a rule was looked for at all, so that an ignore of one that was not is not called unused; nil means that all were.
//
// A directive stands in a -- comment. Before a statement, inside it, or on the line on which it ends, it is about that statement. Above the
// first statement with an empty line between, it is about the file, as for the Atlas command; so is one in a file without statements.
// Words that name rules come first, the rest is the reason. One without words silences every rule there.
//
// stmts are the file's statements. What the directives cause is in the order of their lines, behind the other findings.
func applyNolint(file, source string, stmts []sqltext.Stmt, findings []Finding, find func(string) []*Rule, checked func(*Rule) bool) []Finding {
	directives := nolints(source, stmts, find)
	if len(directives) == 0 {
		return findings
	}
	kept := make([]Finding, 0, len(findings))
	for _, f := range findings {
		if f.File != file || !silenced(f, stmts, directives) {
			kept = append(kept, f)
		}
	}
	for _, d := range directives {
		kept = append(kept, d.findings(file, checked)...)
	}
	return kept
}

// silenced marks every directive that applies as used, not only the first.
func silenced(f Finding, stmts []sqltext.Stmt, directives []*nolint) (found bool) {
	at := stmtAt(stmts, f)
	for _, d := range directives {
		if d.stmt != -1 && d.stmt != at {
			continue
		}
		if len(d.names) == 0 {
			d.used, found = true, true
			continue
		}
		for i := range d.names {
			if slices.ContainsFunc(d.names[i].rules, func(r *Rule) bool { return f.Rule != nil && r.Code == f.Rule.Code }) {
				d.names[i].used, found = true, true
			}
		}
	}
	return found
}

// stmtAt returns the index of the statement that the finding is in, the last one that begins before it; -1 for none.
func stmtAt(stmts []sqltext.Stmt, f Finding) int {
	if f.Line == 0 {
		return -1
	}
	column := f.Column
	if column == 0 {
		column = math.MaxInt
	}
	after, _ := slices.BinarySearchFunc(stmts, f, func(s sqltext.Stmt, _ Finding) int {
		if cmp.Or(cmp.Compare(s.Line, f.Line), cmp.Compare(s.Column, column)) <= 0 {
			return -1
		}
		return 1
	})
	return after - 1
}

func (d *nolint) findings(file string, checked func(*Rule) bool) (list []Finding) {
	report := func(rule *Rule, message, fix string) {
		list = append(list, Finding{
			Rule: rule, Severity: rule.Severity, File: file, Line: d.line, Column: d.column, Message: message, Fix: fix,
		})
	}
	const unused = "Remove it, or move it above the statement that it is about."
	if len(d.names) == 0 && !d.used && checked == nil {
		report(NolintUnused, fmt.Sprintf("the ignore silences nothing: no rule has a finding in %s", d.where), unused)
	}
	var words []string
	for _, name := range d.names {
		words = append(words, name.word)
		missed := checked != nil && slices.ContainsFunc(name.rules, func(r *Rule) bool { return !checked(r) })
		switch {
		case len(name.rules) == 0:
			report(NolintUnused, fmt.Sprintf("the ignore of %s silences nothing: it is no rule", name.word),
				"Write a rule's code or name; the reason comes after it.")
		case !name.used && !missed:
			report(NolintUnused, fmt.Sprintf("the ignore of %s silences nothing: the rule has no finding in %s", name.word, d.where), unused)
		}
	}
	if d.reason == "" {
		report(NolintWithoutReason, fmt.Sprintf("the ignore of %s does not say why", cmp.Or(strings.Join(words, " "), "every rule")),
			"Write the reason behind it.")
	}
	return list
}

const nolintDirective = "atlas:nolint"

// nolints finds the directives among the comments of source.
func nolints(source string, stmts []sqltext.Stmt, find func(string) []*Rule) (found []*nolint) {
	if !strings.Contains(source, nolintDirective) {
		return nil
	}
	// Between the tokens of the whole text there are only blanks and comments.
	tokens := sqltext.Stmt{Text: source}.Tokens(math.MaxInt)
	gap := len(source) - len(strings.TrimPrefix(source, "\ufeff"))
	for i := 0; i <= len(tokens); i++ {
		end := len(source)
		if i < len(tokens) {
			end = tokens[i].Start
		}
		for _, c := range lineComments(source, gap, end) {
			text, ok := strings.CutPrefix(strings.TrimLeft(source[c.start+2:c.end], " \t\f\v"), nolintDirective)
			if !ok || text != "" && !strings.ContainsRune(" \t\f\v", rune(text[0])) {
				continue
			}
			d := parseNolint(text, find)
			d.line, d.column = sqltext.Position(source, c.start)
			d.stmt = stmtOf(source, stmts, gap, c.start)
			d.where = "the statement"
			switch d.stmt {
			case -1:
				d.where = "the file"
			case len(stmts):
				d.where = "what follows, which is no statement"
			}
			found = append(found, d)
		}
		if i < len(tokens) {
			gap = tokens[i].End
		}
	}
	return found
}

// stmtOf returns the index of the statement that a comment at the offset is about, as [nolint] has it; gap is where the last token before
// it ended.
func stmtOf(source string, stmts []sqltext.Stmt, gap, offset int) int {
	next, _ := slices.BinarySearchFunc(stmts, offset, func(s sqltext.Stmt, offset int) int { return cmp.Compare(s.Offset, offset) })
	last := next - 1
	inside := last >= 0 && offset < stmts[last].Offset+len(stmts[last].Text)
	trailing := last >= 0 && !strings.ContainsAny(source[gap:offset], "\r\n")
	switch {
	case inside || trailing:
		return last
	case len(stmts) == 0 || next == 0 && emptyLine.MatchString(source[offset:stmts[0].Offset]):
		return -1
	}
	return next
}

var emptyLine = regexp.MustCompile(`\n[ \t\f\v]*\r?\n|\r[ \t\f\v]*\r`)

type span struct{ start, end int }

// lineComments returns the -- comments in a part of source that holds nothing but blanks and comments, up to where it holds more: the rest
// of a text that could not be read.
func lineComments(source string, start, end int) (found []span) {
	for depth := 0; start < end; {
		rest := source[start:end]
		switch {
		case strings.HasPrefix(rest, "/*"):
			depth++
			start += 2
		case depth > 0 && strings.HasPrefix(rest, "*/"):
			depth--
			start += 2
		case depth == 0 && strings.HasPrefix(rest, "--"):
			length := strings.IndexAny(rest, "\r\n")
			if length < 0 {
				length = len(rest)
			}
			found = append(found, span{start, start + length})
			start += length
		case depth == 0 && !strings.ContainsRune(" \t\n\r\f\v", rune(rest[0])):
			return found
		default:
			start++
		}
	}
	return found
}

// Words that are meant as rules even where no rule is called so: where the first one is of the shape of a code or a name, and later ones of
// that of a code. To take them for the beginning of a reason would silence more than was meant, with a first one even every rule.
var (
	nameShaped = regexp.MustCompile(`^([A-Z]+[0-9]+|[a-z]+([-_][a-z]+)+)$`)
	codeShaped = regexp.MustCompile(`^[A-Z]{2}[0-9]{3}$`)
)

// parseNolint reads what follows the directive's name.
func parseNolint(text string, find func(string) []*Rule) *nolint {
	d := &nolint{}
	words := strings.Fields(text)
	for i := 0; len(words) > 0; i++ {
		word := strings.TrimRight(words[0], ",:;")
		rules := find(word)
		meant := codeShaped.MatchString(word) || i == 0 && (len(words) == 1 || nameShaped.MatchString(word))
		if word == "" || len(rules) == 0 && !meant {
			break
		}
		d.names = append(d.names, nolintName{word: word, rules: rules})
		ended := strings.HasSuffix(words[0], ":")
		words = words[1:]
		if ended {
			break
		}
	}
	if reason := strings.Join(words, " "); strings.ContainsFunc(reason, unicode.IsLetter) {
		d.reason = reason
	}
	return d
}
