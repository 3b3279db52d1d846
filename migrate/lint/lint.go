package lint

import (
	"cmp"
	"errors"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// Source is one text of SQL, most often an up file.
type Source struct {
	Name string // of the file, for findings
	Text string
	// Chosen says that it is to be looked at; other sources come before those that are, and tell what exists.
	Chosen bool
	// Trace is what the statements were seen to do on a scratch database; nil if they were not run.
	Trace *trace.File
}

// Input is what Run looks at.
type Input struct {
	Sources []Source // in the order in which they are applied
	// OneRun says that the chosen sources are deployed together: what one makes, the next may change without anybody waiting.
	// Otherwise each is a deployment of its own.
	OneRun   bool
	Settings Settings
	Findings []Finding // from elsewhere, such as [Dir]; directives and settings hold for them too
	// Entity names the Ent entity of a table, and the field of a column if that is not ""; nil where nothing is known.
	Entity func(table, column string) string
}

// Run looks at the chosen sources. It does not fail: what cannot be parsed is a finding.
func Run(in Input) *Report {
	files := parseAll(in.Sources)
	m, report := newModel(), &Report{}
	for i, f := range files {
		if !in.OneRun || !in.Sources[i].Chosen || i == 0 || !in.Sources[i-1].Chosen {
			m.run++
		}
		m.lint(f, in.Sources[i].Chosen, &in.Settings)
		if !in.Sources[i].Chosen {
			continue
		}
		report.Files++
		report.Measured = report.Measured || f.trace != nil
		for _, more := range in.Findings {
			if more.File == f.name {
				f.findings = append(f.findings, more)
			}
		}
		report.Findings = append(report.Findings, f.heed(&in.Settings)...)
	}
	for _, more := range in.Findings {
		if !slices.ContainsFunc(files, func(f *file) bool { return f.name == more.File && f.chosen }) {
			report.Findings = append(report.Findings, more)
		}
	}
	report.Findings = in.Settings.Apply(report.Findings)
	if in.Entity != nil {
		for i := range report.Findings {
			f := &report.Findings[i]
			f.Entity = in.Entity(f.Object, f.Field)
		}
	}
	return report
}

// heed returns the findings without those that directives in the file take back.
func (f *file) heed(settings *Settings) []Finding {
	stmts := make([]sqltext.Stmt, 0, len(f.statements))
	for _, s := range f.statements {
		if s.Text != "" {
			stmts = append(stmts, s.Stmt)
		}
	}
	checked := func(r *Rule) bool { return r.concerns(settings.PGVersion) && (f.trace != nil || !r.measured()) }
	return applyNolint(f.name, f.source, stmts, f.findings, Find, checked)
}

// concerns tells whether the rule holds for a major version; 0 is any.
func (r *Rule) concerns(version int) bool {
	return version == 0 || version >= r.Since && (r.Until == 0 || version <= r.Until)
}

// measured tells whether the rule needs a trace.
func (r *Rule) measured() bool { return r == measured || r == lostUnseen || r == fails }

// parseAll parses the sources, several at a time.
func parseAll(sources []Source) []*file {
	files := make([]*file, len(sources))
	var all errgroup.Group
	all.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range sources {
		all.Go(func() error {
			files[i] = parseFile(s)
			return nil
		})
	}
	_ = all.Wait() // nothing fails
	return files
}

func parseFile(s Source) *file {
	f := &file{name: s.Name, chosen: s.Chosen, source: s.Text, trace: s.Trace, lostViews: map[string][]*column{}, all: subjects{}, passed: subjects{}, holds: map[heldLock]bool{}}
	for _, d := range sqltext.Directives(s.Text) {
		f.noTx = f.noTx || d.Name == "atlas:txmode" && d.Args == "none"
	}
	stmts, err := sqltext.Split(s.Text)
	if err != nil {
		stmt := &statement{fault: err}
		if fault, ok := errors.AsType[*sqltext.Error](err); ok {
			stmt.Line, stmt.Column = fault.Line, fault.Column
		}
		f.statements = []*statement{stmt}
		return f
	}
	for _, s := range stmts {
		stmt := &statement{Stmt: s}
		stmt.kind, stmt.tree, stmt.fault = parseTree(s.Text)
		if stmt.kind == "AlterTableStmt" {
			stmt.placeCommands()
		}
		stmt.index = len(f.statements)
		f.statements = append(f.statements, stmt)
		if f.chosen {
			f.all.add(stmt)
		}
	}
	return f
}

// lint looks at a file if it is chosen, and takes what it does into the model.
func (m *model) lint(f *file, chosen bool, settings *Settings) {
	m.beginFile()
	for i, s := range f.statements {
		if chosen {
			s.effects = m.predict(s.kind, s.tree, settings.PGVersion)
			if f.trace != nil && len(f.trace.Statements) == len(f.statements) {
				m.observe(s, &f.trace.Statements[i])
			}
			f.from = len(f.findings)
			for _, rule := range rules {
				if rule.check != nil && rule.concerns(settings.PGVersion) {
					rule.check(&pass{model: m, statement: s, rule: rule, file: f, settings: settings})
				}
			}
			f.hold(s)
		}
		m.noteLostViews(f, s)
		f.passed.add(s)
		path := m.path
		m.apply(s.kind, s.tree)
		m.applyBlock(s)
		if chosen && !slices.Equal(path, m.path) {
			m.resolveAhead(f, i+1)
		}
		if f.noTx {
			f.commit()
		}
	}
	if !chosen {
		return
	}
	f.commit()
	for _, rule := range rules {
		if rule.checkFile != nil && rule.concerns(settings.PGVersion) {
			rule.checkFile(&pass{model: m, rule: rule, file: f, settings: settings})
		}
	}
	slices.SortStableFunc(f.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), -cmp.Compare(a.Severity, b.Severity))
	})
}

// commit asks what rules have left for when a transaction ends.
func (f *file) commit() {
	for _, ask := range f.atCommit {
		ask()
	}
	f.atCommit = nil
}

// noteLostViews keeps what a DROP VIEW drops, for a view that takes its place.
func (m *model) noteLostViews(f *file, s *statement) {
	if s.kind != "DropStmt" || s.tree.str("removeType") != "OBJECT_VIEW" {
		return
	}
	for _, names := range droppedNames(s.tree) {
		if r := m.relations[partsKey(names)]; r != nil && r.run != m.run {
			f.lostViews[partsKey(names)] = r.columns
		}
	}
}

// hold notes the locks that stay until the transaction ends and that others than schema changes wait for, the first of each kind on a
// relation.
func (f *file) hold(s *statement) {
	if f.noTx || s.kind == "TransactionStmt" {
		return
	}
	for _, e := range s.effects {
		key := heldLock{e.key, e.lock, e.cause, e.cmd.str("subtype")}
		if e.lock.blocks() != "" && !f.holds[key] {
			f.holds[key] = true
			f.held = append(f.held, hold{e, s.Line})
		}
	}
}
