// Package output writes what lint has found: for a person at a terminal, for programs, for GitHub's annotations and code scanning, and for
// a comment on a pull request. None of them shows a statement that may hold a password.
package output

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// Options are what the formats need beside the report. The zero value is right for files that are named as the reader names them.
type Options struct {
	// Dir is put before each finding's file, with slashes: for text the directory as the user named it, for the others its path from
	// the root of the repository, without which GitHub finds no file.
	Dir string
	// Outside are the paths of files that are not in Dir, by their name in the findings.
	Outside map[string]string
	Color   bool   // text only: use a terminal's colours
	Hint    string // text and Markdown, where nothing was measured: what to do to measure; "" is to give --dev-url
	Version string // SARIF only: of the command; may be empty
}

// Write writes the report in a format of [Formats].
func Write(w io.Writer, format string, r *lint.Report, o Options) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(w, r, o)
		}
	}
	return fmt.Errorf("lint: format %q: want %s", format, strings.Join(Formats(), ", "))
}

var formats = []struct {
	name  string
	write func(io.Writer, *lint.Report, Options) error
}{{"text", Text}, {"json", JSON}, {"github", GitHub}, {"sarif", SARIF}, {"markdown", Markdown}}

// Formats are the names of the formats.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// entry is a finding that is ready to be shown.
type entry struct {
	lint.Finding
	rule *lint.Rule // never nil
	path string     // Options.Dir with the file, printable; only the directory for a finding about that, "" for none
}

func entries(r *lint.Report, o Options) []entry {
	list := make([]entry, 0, len(r.Findings))
	for _, f := range r.Findings {
		hidePasswords(&f)
		place, outside := o.Outside[f.File]
		if !outside {
			place = path.Join(o.Dir, f.File)
		}
		e := entry{Finding: f, rule: f.Rule, path: strings.ReplaceAll(printable(place), "\n", "\ufffd")}
		if e.rule == nil {
			e.rule = &lint.Rule{}
		}
		list = append(list, e)
	}
	return list
}

// hidePasswords withholds a statement that may hold a password, and takes its strings out of the message and the fix.
func hidePasswords(f *lint.Finding) {
	shown := migrate.HidePasswords(f.Statement)
	if shown == f.Statement {
		return
	}
	secrets := quoted(f.Statement)
	// The longest first, since one may be a part of another.
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, secret := range secrets {
		f.Message = strings.ReplaceAll(f.Message, secret, "***")
		f.Fix = strings.ReplaceAll(f.Fix, secret, "***")
	}
	f.Statement = shown
}

// quoted returns a statement's strings, with their quotes and without. Without them very short ones are left out, which may be a part of any
// word.
func quoted(statement string) (list []string) {
	for _, token := range (sqltext.Stmt{Text: statement}).Tokens(len(statement)) {
		text := statement[token.Start:token.End]
		quote := strings.IndexAny(text, "'$")
		if quote < 0 || strings.HasPrefix(text, `"`) || len(text) < 2 {
			continue
		}
		content := strings.TrimSuffix(text[quote+1:], "'")
		if text[quote] == '$' {
			tag := text[:strings.IndexByte(text[1:], '$')+2]
			content = strings.TrimSuffix(strings.TrimPrefix(text, tag), tag)
		}
		list = append(list, text)
		for _, c := range []string{content, strings.ReplaceAll(content, "''", "'")} {
			if len(c) > 3 {
				list = append(list, c)
			}
		}
	}
	return list
}

// name is how a rule is called: BL101 index-not-concurrent.
func (e entry) name() string { return strings.TrimSpace(e.rule.Code + " " + e.rule.Name) }

// effect says which lock is taken and what it blocks, and whether a table is rewritten; "" when neither is known, or the message says it.
func (e entry) effect() string {
	if e.Lock != "" && strings.Contains(e.Message, e.Lock) {
		if e.Measured {
			return "was seen to do so on a throwaway PostgreSQL (measured)"
		}
		return ""
	}
	on := ""
	if e.Object != "" {
		on = " on " + e.Object
	}
	rewrites := e.Rewrite != nil && *e.Rewrite
	text := ""
	switch {
	case e.Lock != "" && rewrites:
		text = "takes " + e.Lock + on + " and rewrites it: " + blocks(e.Lock)
	case e.Lock != "":
		text = "takes " + e.Lock + on + ": " + blocks(e.Lock)
	case rewrites && e.Object != "":
		text = "rewrites " + e.Object
	case rewrites:
		text = "rewrites the table"
	default:
		return ""
	}
	if e.Measured {
		text += " (measured)"
	}
	return text
}

// blocks says whom a lock keeps waiting, by its name in pg_locks (PostgreSQL 18 manual, section 13.3.1, table 13.2: writes need
// RowExclusiveLock, reads AccessShareLock).
func blocks(lock string) string {
	switch lock {
	case "AccessExclusiveLock":
		return "blocks reads and writes"
	case "ExclusiveLock", "ShareRowExclusiveLock", "ShareLock":
		return "blocks writes"
	case "ShareUpdateExclusiveLock", "RowExclusiveLock", "RowShareLock", "AccessShareLock":
		return "blocks neither reads nor writes, only other changes of the schema"
	}
	return "what it blocks is not known"
}

// level is the severity in the words of GitHub's annotations and of JSON.
func level(s lint.Severity) string {
	switch s {
	case lint.Error:
		return "error"
	case lint.Warning:
		return "warning"
	}
	return "notice"
}

// summary counts: "1 error, 2 warnings in 4 files".
func summary(r *lint.Report) string {
	counts := map[string]int{}
	for _, f := range r.Findings {
		counts[level(f.Severity)]++
	}
	var parts []string
	for _, l := range []string{"error", "warning", "notice"} {
		if counts[l] > 0 {
			parts = append(parts, count(counts[l], l))
		}
	}
	if parts == nil && r.Files == 0 {
		return "no migrations to look at"
	}
	if parts == nil {
		parts = []string{"no findings"}
	}
	return strings.Join(parts, ", ") + " in " + count(r.Files, "file")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// notMeasured says what a report without a server lacks; "" if it lacks nothing.
func notMeasured(r *lint.Report, o Options) string {
	if r.Measured || r.Files == 0 {
		return ""
	}
	return "Nothing was run: locks and rewrites are what the statements lead one to expect. " + cmp.Or(o.Hint, "Give --dev-url to measure them.")
}

// printable returns text without what could move a terminal's cursor or hide a part of it. Tabs and line ends stay.
func printable(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return '\ufffd'
		}
		return r
	}, text)
}

// oneLine is for places that have room for one.
func oneLine(text string) string { return strings.Join(strings.Fields(printable(text)), " ") }
