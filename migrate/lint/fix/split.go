package fix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

const parentsDirective = "plinth:parents"

// splitting is the work on one migration.
type splitting struct {
	facts
	file   *migrate.File
	noTx   bool // the file runs without a transaction
	header []sqltext.Directive
	lines  string // the header as written, without what belongs to a part alone
	stmts  []sqltext.Stmt
	leads  []string // comments before each statement
	tail   string   // comments after the last one
	down   *oldDown
	parts  []*part
}

// part is one of the files that the migration becomes.
type part struct {
	alone  bool           // runs without a transaction
	single bool           // was made for one statement
	why    string         // a comment, for parts that hold nothing of the old file as it was
	ups    []string       // with semicolons and comments
	olds   []sqltext.Stmt // those of ups that the old file has in some form, for the division of the down
	before []string       // of its down, before what the old down had; the last up first
	downs  []string       // likewise after it
	set    int            // how many of ups only set something
}

// file rewrites one migration; nil if there is nothing to rewrite.
func (p *planner) file(f *migrate.File) (*Rewrite, []Skip, error) {
	found, skipped := p.fixable(f)
	for len(found) > 0 {
		s, err := p.read(f)
		if err != nil {
			return nil, append(skipped, skipAll(found, err)...), nil
		}
		bad, err := s.run(found)
		if bad != nil { // plan again without it: it may have taken something out of the down
			skipped = append(skipped, Skip{*bad, err.Error()})
			found = slices.DeleteFunc(found, func(f lint.Finding) bool { return findingKey(f) == findingKey(*bad) })
			continue
		}
		if err == nil {
			err = s.finish()
		}
		if err != nil {
			return nil, append(skipped, skipAll(found, err)...), nil
		}
		versions, err := p.versionsAfter(f, len(s.parts)-1)
		if err != nil {
			return nil, skipped, err
		}
		return s.write(versions), skipped, nil
	}
	return nil, skipped, nil
}

func skipAll(found []lint.Finding, err error) (list []Skip) {
	for _, f := range found {
		list = append(list, Skip{f, err.Error()})
	}
	return list
}

// fixable are the file's findings that have a form.
func (p *planner) fixable(f *migrate.File) (found []lint.Finding, skipped []Skip) {
	for _, finding := range p.Findings {
		switch key := findingKey(finding); {
		case finding.File != f.UpFile() || !hasForm(finding.Rule) || finding.Line == 0:
		case p.refused[key] != "":
			skipped = append(skipped, Skip{finding, p.refused[key]})
		default:
			found = append(found, finding)
		}
	}
	return found, skipped
}

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

// run puts each statement, or its form, into a part. bad is the finding whose form does not fit.
func (s *splitting) run(found []lint.Finding) (bad *lint.Finding, err error) {
	var validate, last []step
	var settings []string
	for i, stmt := range s.stmts {
		if isSetting(stmt) {
			settings = append(settings, stmt.Text)
			s.current(nil).put(s.leads[i], stmt.Text).set++
			continue
		}
		f, bad, err := s.form(i, found)
		if bad != nil {
			return bad, err
		}
		if f.here != "" {
			p := s.current(settings).put(s.leads[i], f.here, sqltext.Stmt{Text: f.here}) // where names are given
			if f.hereDown != "" {
				p.before = append([]string{f.hereDown + ";\n"}, p.before...)
			}
		}
		for j, one := range f.alone {
			lead := ""
			if j == 0 && f.here == "" {
				lead = s.leads[i]
			}
			p := s.next(true, nil).put(lead, one.up)
			p.single = true
			p.takeBack(one.down)
		}
		for _, one := range f.after {
			s.current(settings).put("", one.up).takeBack(one.down)
		}
		validate, last = append(validate, f.validate...), append(last, f.last...)
	}
	for _, more := range []struct {
		steps []step
		why   string
	}{{validate, "-- Reads the rows while readers and writers go on: it must not share a transaction with what took a stronger lock.\n"}, {last, "-- The validated checks spare SET NOT NULL its look at the rows.\n"}} {
		if len(more.steps) == 0 {
			continue
		}
		p := s.next(s.noTx, settings)
		p.why = more.why
		for _, one := range more.steps {
			p.put("", one.up).takeBack(one.down)
		}
	}
	s.parts = slices.DeleteFunc(s.parts, func(p *part) bool { return len(p.ups) == p.set })
	return nil, nil
}

// takeBack adds a statement to the down, which runs them the other way round.
func (p *part) takeBack(down string) {
	if down != "" {
		p.downs = append([]string{down + ";\n"}, p.downs...)
	}
}

// isSetting tells the statements that every part can repeat.
func isSetting(stmt sqltext.Stmt) bool {
	w := stmt.Words(3)
	return len(w) == 3 && w[0] == "SET" && slices.ContainsFunc(w[1:], func(name string) bool { return name == "LOCK_TIMEOUT" || name == "STATEMENT_TIMEOUT" })
}

func (s *splitting) next(alone bool, settings []string) *part {
	p := &part{alone: alone}
	s.parts = append(s.parts, p)
	if !alone {
		for _, text := range settings {
			p.ups = append(p.ups, text+";\n")
			p.set++
		}
	}
	return p
}

// current is the part for what runs in the migration's own way.
func (s *splitting) current(settings []string) *part {
	if n := len(s.parts); n > 0 && s.parts[n-1].alone == s.noTx && !s.parts[n-1].single {
		return s.parts[n-1]
	}
	return s.next(s.noTx, settings)
}

func (p *part) put(lead, text string, old ...sqltext.Stmt) *part {
	if len(p.ups) > 0 && strings.TrimSpace(lead) != "" {
		lead = "\n" + lead
	}
	p.ups = append(p.ups, lead+text+";\n")
	p.olds = append(p.olds, old...)
	return p
}

// form is what statement i becomes.
func (s *splitting) form(i int, found []lint.Finding) (f form, bad *lint.Finding, err error) {
	stmt := s.stmts[i]
	mine := slices.DeleteFunc(slices.Clone(found), func(f lint.Finding) bool { return s.at(f) != i })
	if len(mine) == 0 {
		return form{here: stmt.Text}, nil, nil
	}
	for _, finding := range mine {
		if whole := statementForms[finding.Rule.Name]; whole != nil {
			f, err := whole(s, stmt)
			if err != nil {
				return f, &finding, err
			}
			return f, nil, nil
		}
	}
	a, ok := readAlterTable(stmt.Text)
	if !ok {
		return f, &mine[0], fmt.Errorf("it is not read as an ALTER TABLE")
	}
	var here []string
	for n, c := range a.commands {
		finding := s.ofCommand(a, n, stmt, mine)
		if finding == nil {
			here = append(here, c.sql())
			continue
		}
		one, err := commandForms[finding.Rule.Name](s, a, c)
		if err != nil {
			return f, finding, err
		}
		if one.here != "" {
			here = append(here, one.here)
		}
		if one.hereDown != "" {
			f.hereDown = strings.TrimSuffix(one.hereDown+";\n"+f.hereDown, ";\n")
		}
		f.alone, f.after = append(f.alone, one.alone...), append(f.after, one.after...)
		f.validate, f.last = append(f.validate, one.validate...), append(f.last, one.last...)
	}
	if len(here) > 0 {
		f.here = a.with(here...)
	}
	return f, nil, nil
}

// at is the statement that a finding is in: the last one that begins before it.
func (s *splitting) at(f lint.Finding) int {
	found := -1
	for i, stmt := range s.stmts {
		if cmp.Or(cmp.Compare(stmt.Line, f.Line), cmp.Compare(stmt.Column, f.Column)) <= 0 {
			found = i
		}
	}
	return found
}

// ofCommand is the finding in command n of an ALTER TABLE, nil for none.
func (s *splitting) ofCommand(a alterTable, n int, stmt sqltext.Stmt, found []lint.Finding) *lint.Finding {
	for i, f := range found {
		at := 0
		for j, c := range a.commands {
			line, column := sqltext.Position(s.file.Up, stmt.Offset+c.list[0].Start)
			if cmp.Or(cmp.Compare(line, f.Line), cmp.Compare(column, f.Column)) <= 0 {
				at = j
			}
		}
		if at == n {
			return &found[i]
		}
	}
	return nil
}

// finish checks that the parts may be apart, and divides the down.
func (s *splitting) finish() error {
	if len(s.parts) > 1 {
		for _, stmt := range s.stmts {
			if what := holdsTransaction(stmt); what != "" && !s.noTx {
				return fmt.Errorf("%s in line %d is for the whole transaction, and the file would be split", what, stmt.Line)
			}
		}
	}
	ups := map[int][]sqltext.Stmt{}
	for i, p := range s.parts {
		if len(p.olds) > 0 {
			ups[i] = p.olds
		}
	}
	if len(s.down.list) == 0 {
		return nil
	}
	if len(ups) == 0 {
		return fmt.Errorf("its down has a statement that takes none of its statements back: %s", firstLine(s.down.list[0].Text))
	}
	return s.down.divide(ups)
}

// holdsTransaction names what is lost when a transaction is cut in two, "" for nothing.
func holdsTransaction(stmt sqltext.Stmt) string {
	w := stmt.Words(3)
	switch {
	case isSetting(stmt):
		return ""
	case stmt.Control() != sqltext.None:
		return w[0]
	case w[0] == "LOCK", w[0] == "SET", w[0] == "RESET", w[0] == "DECLARE", w[0] == "PREPARE":
		return strings.Join(w[:min(2, len(w))], " ")
	case w[0] == "CREATE" && len(w) > 2 && (w[1] == "TEMP" || w[1] == "TEMPORARY"):
		return "CREATE TEMPORARY TABLE"
	}
	return ""
}

// write makes the files. versions are those of the parts after the first.
func (s *splitting) write(versions []string) *Rewrite {
	w := &Rewrite{Old: s.file}
	declared := slices.ContainsFunc(s.header, func(d sqltext.Directive) bool { return d.Name == parentsDirective })
	for i, p := range s.parts {
		f := &migrate.File{Version: s.file.Version, Name: s.file.Name, HasDown: s.down.there}
		var up strings.Builder
		if i > 0 {
			f.Version = versions[i-1]
			f.Name = strings.TrimLeft(fmt.Sprintf("%s_%d", s.file.Name, i+1), "_")
			if declared {
				fmt.Fprintf(&up, "-- %s %s\n", parentsDirective, w.New[i-1].Version)
			}
		}
		if p.alone {
			up.WriteString("-- atlas:txmode none\n")
		}
		up.WriteString(s.headOf(p, i))
		if text := up.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
			up.WriteString("\n")
		}
		up.WriteString(p.why + strings.Join(p.ups, ""))
		if i == len(s.parts)-1 {
			up.WriteString(s.tail)
		}
		f.Up = up.String()
		if s.down.there {
			f.Down = s.downOf(p, i)
		}
		w.New = append(w.New, f)
	}
	return w
}

// headOf are the directives of a part but for the transaction mode and what it follows, and in the first one the file's comments.
func (s *splitting) headOf(p *part, i int) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(s.lines, "\n") {
		text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "--"))
		switch {
		case strings.HasPrefix(text, "atlas:txmode"):
		case strings.HasPrefix(text, "plinth:lock-timeout") && p.alone && !s.noTx: // it would end the wait for old transactions
		case i == 0, strings.HasPrefix(text, "plinth:lock-timeout"), strings.HasPrefix(text, "plinth:statement-timeout"), strings.HasPrefix(text, "plinth:repeatable"):
			b.WriteString(line)
		case strings.HasPrefix(text, "atlas:nolint") && len(p.olds) > 0:
			b.WriteString(line + "\n")
		}
	}
	return strings.TrimLeft(b.String(), "\n")
}

// downOf is the down of a part.
func (s *splitting) downOf(p *part, i int) string {
	var own strings.Builder
	for _, d := range s.down.list {
		if d.part == i {
			own.WriteString(d.lead + d.Text + ";\n")
		}
	}
	var b strings.Builder
	if p.alone {
		b.WriteString("-- atlas:txmode none\n")
	}
	if own.Len() > 0 || i == 0 {
		for line := range strings.SplitAfterSeq(s.down.header, "\n") {
			if !p.alone || !strings.Contains(line, "atlas:txmode") {
				b.WriteString(line)
			}
		}
	}
	if text := b.String(); text != "" && !strings.HasSuffix(text, "\n\n") {
		b.WriteString("\n")
	}
	body := strings.Join(p.before, "") + own.String() + strings.Join(p.downs, "")
	switch {
	case body == "":
		body = "-- Nothing has to be taken back.\n"
	case !p.alone || s.noTx:
		body = s.down.settings + body
	}
	if i == 0 {
		body += s.down.tail
	}
	return b.String() + body
}
