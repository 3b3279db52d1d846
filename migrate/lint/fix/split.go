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
