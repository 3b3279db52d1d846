package fix

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// known directives are carried over; what another one would mean for a part of the file is not known.
var knownDirectives = []string{
	"atlas:txmode", "atlas:nolint", parentsDirective, "plinth:lock-timeout", "plinth:statement-timeout", "plinth:repeatable", "plinth:objects",
	"plinth:objects-dropped", "plinth:irreversible",
}

func (p *planner) read(f *migrate.File) (*splitting, error) {
	s := &splitting{facts: p.facts, file: f, header: sqltext.Directives(f.Up), down: &oldDown{there: f.HasDown}}
	var err error
	if s.stmts, err = sqltext.Split(f.Up); err != nil {
		return nil, err
	}
	for _, d := range append(s.header, sqltext.Directives(f.Down)...) {
		if !slices.Contains(knownDirectives, d.Name) {
			return nil, fmt.Errorf("the directive %s is not understood", d.Name)
		}
	}
	s.noTx = slices.ContainsFunc(s.header, func(d sqltext.Directive) bool { return d.Name == "atlas:txmode" && d.Args == "none" })
	s.lines, s.leads, s.tail = headAndLeads(f.Up, s.stmts)
	if n := len(s.stmts); n >= 2 && !s.noTx && s.stmts[0].Control() == sqltext.Begin && s.stmts[n-1].Control() == sqltext.Commit {
		s.stmts, s.leads = s.stmts[1:n-1], s.leads[1:n-1] // Plinth's own transaction is around each part
	}
	if !f.HasDown {
		return s, nil
	}
	downs, err := sqltext.Split(f.Down)
	if err != nil {
		return nil, err
	}
	var leads []string
	s.down.header, leads, s.down.tail = headAndLeads(f.Down, downs)
	if n := len(downs); n >= 2 && downs[0].Control() == sqltext.Begin && downs[n-1].Control() == sqltext.Commit {
		downs, leads = downs[1:n-1], leads[1:n-1]
	}
	for i, d := range downs {
		if isSetting(d) {
			s.down.settings += d.Text + ";\n"
			continue
		}
		s.down.list = append(s.down.list, downStmt{lead: leads[i], Stmt: d, part: -1})
	}
	return s, nil
}

// headAndLeads takes a file apart: what stands above its first statement and belongs to the file, the comments before each statement, and
// those after the last one.
func headAndLeads(text string, stmts []sqltext.Stmt) (header string, leads []string, tail string) {
	if len(stmts) == 0 {
		return text, nil, ""
	}
	end := 0
	for i, s := range stmts {
		between := text[end:s.Offset]
		if i > 0 {
			between = behind(between, &leads[i-1])
		} else {
			at := headerEnd(between)
			header, between = between[:at], between[at:]
		}
		leads = append(leads, strings.TrimLeft(between, "\r\n \t"))
		end = s.Offset + len(s.Text)
	}
	tail = strings.TrimSpace(behind(text[end:], &leads[len(leads)-1]))
	if tail != "" {
		tail += "\n"
	}
	return header, leads, tail
}

// behind is what follows a statement's semicolon. A comment on the same line is that statement's, and goes to its others.
func behind(text string, lead *string) string {
	if tokens := (sqltext.Stmt{Text: text}).Tokens(1); len(tokens) > 0 {
		text = text[:tokens[0].Start] + text[tokens[0].End:]
	}
	line, rest, _ := strings.Cut(text, "\n")
	if line = strings.TrimSpace(line); strings.HasPrefix(line, "--") {
		*lead += line + "\n"
		return rest
	}
	return text
}

// headerEnd is where the file's own comments end: at the last empty line, or after the last directive that is no ignore.
func headerEnd(lead string) int {
	end, at := 0, 0
	for line := range strings.SplitAfterSeq(lead, "\n") {
		at += len(line)
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "--"))
		if strings.TrimSpace(line) == "" && strings.HasSuffix(line, "\n") || strings.HasPrefix(text, "plinth:") || strings.HasPrefix(text, "atlas:txmode") {
			end = at
		}
	}
	return end
}
