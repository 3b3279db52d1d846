package diff

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Files of an online plan beside the one with the plan's own name.
const (
	changeFile  = "change"
	fillFile    = "fill"
	requireFile = "require"
	swapFile    = "swap"
	finishFile  = "finish"
)

// requiring is the goal with the checks that come once the columns are filled: a check holds for each row that is written, also for one
// whose NULL is older than the check, so that before it would stop writers that do not touch the column.
func (o *online) requiring() *state {
	goal := o.goal
	for c, h := range o.checks {
		if h.name == "" {
			continue
		}
		goal = goal.with(c.table, func(t *table) {
			t.constraints[h.name] = constraint{name: h.name, kind: 'c', def: "CHECK (" + ident(c.name) + " IS NOT NULL)" + notValid, columns: []string{c.name}}
		})
	}
	return goal
}

// runOnline plans, tries and adds the files after the first.
func (w *work) runOnline(ctx context.Context, r *Result) error {
	if len(w.online.changed) > 0 {
		w.online.goal = w.online.changing()
		if err := w.addFile(ctx, r, changeFile, plan(w.states[len(w.states)-1], w.online.goal, w.in.Model, goForth)); err != nil {
			return err
		}
	}
	for _, c := range slices.SortedFunc(maps.Keys(w.online.checks), compareMembers) {
		if err := w.addFile(ctx, r, fillFile+"_"+c.table+"_"+c.name, w.fillScript(c)); err != nil {
			return err
		}
	}
	goal := w.online.requiring()
	if len(w.online.checks) > 0 { // of which some may require nothing
		if err := w.addFile(ctx, r, requireFile, plan(w.states[len(w.states)-1], goal, w.in.Model, goForth)); err != nil {
			return err
		}
	}
	for _, i := range w.online.indexes {
		added := w.online.last.tables[i.table].indexes[i.name]
		added.comment = "" // of one that was made by hand, which the swap sets: this file holds one statement
		s := &script{noTx: true}
		if stand := w.online.stand[i]; stand != "" {
			added.name = stand
		} else {
			s.objects = w.directives(func(s *state) *state { return s.withIndex(i.table, added) })
		}
		s.build(i.table, added)
		s.noteUpserts(added.unique && w.online.stand[i] != "" && w.states[w.base].tables[i.table].indexes[i.name].unique)
		if err := w.addFile(ctx, r, indexFile+"_"+i.name, s); err != nil {
			return err
		}
	}
	if err := w.swapIndexes(ctx, r); err != nil {
		return err
	}
	if err := w.addFile(ctx, r, finishFile, w.finish()); err != nil {
		return err
	}
	if err := w.runKeys(ctx, r); err != nil {
		return err
	}
	if err := w.dropIndexes(ctx, r); err != nil {
		return err
	}
	if err := w.runRest(ctx, r); err != nil {
		return err
	}
	return w.runShadows(ctx, r)
}

func compareMembers(a, b member) int {
	return strings.Compare(a.table+"."+a.name, b.table+"."+b.name)
}

// swapIndexes lets new indexes take the names of those in whose place they come, which are dropped later: each in an instant.
func (w *work) swapIndexes(ctx context.Context, r *Result) error {
	up, down := &script{}, &script{}
	for _, m := range slices.SortedFunc(maps.Keys(w.online.stand), compareMembers) {
		stand, old := w.online.stand[m], retired(m.name)
		comment := fmt.Sprintf("another index takes the name %s, in an instant", ident(m.name))
		rename := func(s *script, from, to string) {
			s.do(comment, "ALTER INDEX %s RENAME TO %s", ident(from), ident(to))
		}
		rename(up, m.name, old)
		rename(up, stand, m.name)
		if text := w.online.last.tables[m.table].indexes[m.name].comment; text != "" {
			up.do(comment, "COMMENT ON INDEX %s IS %s", ident(m.name), literal(text))
			down.do(comment, "COMMENT ON INDEX %s IS NULL", ident(m.name))
		}
		rename(down, m.name, stand)
		rename(down, old, m.name)
		up.objects = append(up.objects, w.directives(func(s *state) *state { return s.withIndex(m.table, w.online.last.tables[m.table].indexes[m.name]) })...)
		w.online.gone = append(w.online.gone, member{m.table, old})
	}
	return w.addFileAndDown(ctx, r, swapFile, up, down)
}

// directives tell which members the next file makes and drops, but for names that indexes have meanwhile.
func (w *work) directives(edit func(*state) *state) []string {
	now := w.states[len(w.states)-1]
	return plan(now, edit(now), w.in.Model, goForth).objects
}

func (s *state) withIndex(of string, i index) *state {
	return s.with(of, func(t *table) { t.indexes[i.name] = i })
}

func retired(name string) string { return name + "_old" }

// dropIndexes drops what nothing needs any more, a file each, so that the down can build it in the same way.
func (w *work) dropIndexes(ctx context.Context, r *Result) error {
	for _, m := range w.online.gone {
		s := &script{noTx: true}
		s.do(fmt.Sprintf("drop index %s from table: %s; CONCURRENTLY, so that nobody waits, which cannot run in a transaction", ident(m.name), ident(m.table)),
			"DROP INDEX CONCURRENTLY %s", ident(m.name))
		if _, named := w.states[w.base].tables[m.table].indexes[m.name]; named { // not a name that it got meanwhile
			s.objects = w.directives(func(s *state) *state { return s.with(m.table, func(t *table) { delete(t.indexes, m.name) }) })
		}
		if err := w.addFile(ctx, r, dropFile+"_"+m.name, s); err != nil {
			return err
		}
	}
	return nil
}

// addFile tries a script and makes it the next file, with the down that leads back; an empty one is none.
func (w *work) addFile(ctx context.Context, r *Result, name string, up *script) error {
	return w.addFileAndDown(ctx, r, name, up, nil)
}

// addFileAndDown is addFile for a script whose down is known.
func (w *work) addFileAndDown(ctx context.Context, r *Result, name string, up, down *script) error {
	if len(up.statements) == 0 {
		return nil
	}
	if err := w.run(ctx, "up", up); err != nil {
		return err
	}
	if err := w.observe(ctx); err != nil {
		return err
	}
	if down == nil {
		down = w.downOf(len(w.ups))
	}
	if up.noTx && !down.noTx {
		down.goConcurrently()
	}
	w.ups, w.downs = append(w.ups, up), append(w.downs, down)
	r.Files = append(r.Files, File{Name: strings.Map(fileRune, name)})
	return nil
}

// fileRune keeps what a file's name may hold (migrate.CheckName).
func fileRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
		return r
	}
	return '_'
}

// goConcurrently makes a script that builds or drops an index, with a comment perhaps, one that keeps nobody waiting.
func (s *script) goConcurrently() {
	for i := range s.statements {
		if st := s.statements[i].sql; i == 0 && !indexStatement.MatchString(st) || i > 0 && !strings.HasPrefix(st, "COMMENT ON INDEX ") {
			return
		}
	}
	if len(s.statements) > 0 {
		first := &s.statements[0]
		s.noTx, first.sql, first.comment = true, concurrently(first.sql), first.comment+"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction"
	}
}

var indexStatement = regexp.MustCompile(`^(CREATE (UNIQUE )?|DROP )INDEX `)

// concurrently is for CREATE INDEX, CREATE UNIQUE INDEX and DROP INDEX.
func concurrently(sql string) string { return strings.Replace(sql, "INDEX ", "INDEX CONCURRENTLY ", 1) }

// fillScript fills a column that becomes required. A NULL that code writes on purpose meanwhile makes the last file fail.
func (w *work) fillScript(c member) *script {
	h := w.online.checks[c]
	name := ident(c.name)
	s := w.inBatches(batches{table: c.table, key: h.key, column: name, set: name + " = " + h.fill, where: name + " IS NULL"})
	if h.added {
		s.objects = append(s.objects, "plinth:fills "+c.table+" "+c.name)
	} else {
		s.lost = append(s.lost, fmt.Sprintf("which rows of column %s.%s held NULL before they got %s", c.table, c.name, h.fill))
	}
	return s
}

// finish validates what was NOT VALID, which reads tables while readers and writers go on, and only then takes the locks that nobody
// can pass, each for an instant.
func (w *work) finish() *script {
	now := w.states[len(w.states)-1]
	s := plan(w.online.validated(now), w.online.keepGone(now, w.online.last), w.in.Model, goForth)
	for _, c := range slices.SortedFunc(maps.Keys(w.online.checks), compareMembers) {
		if name := w.online.checks[c].name; name != "" {
			s.statements = append(s.statements, statement{modify(c.table), alter(c.table) + "VALIDATE CONSTRAINT " + ident(name)})
		}
	}
	rank := func(st statement) int {
		for i, words := range []string{"VALIDATE CONSTRAINT", "SET NOT NULL", "DROP CONSTRAINT"} {
			if strings.Contains(st.sql, words) {
				return i
			}
		}
		return 3
	}
	slices.SortStableFunc(s.statements, func(a, b statement) int { return rank(a) - rank(b) })
	for i := range s.statements {
		switch st := &s.statements[i]; rank(*st) {
		case 0:
			st.comment = "read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile"
		case 1:
			st.comment = "the check proves it, so that the table is not read again"
		}
	}
	return s
}

// keepGone is the target with the indexes that are dropped after it.
func (o *online) keepGone(now, target *state) *state {
	for _, m := range o.gone {
		target = target.with(m.table, func(t *table) { t.indexes[m.name] = now.tables[m.table].indexes[m.name] })
	}
	return target
}

// validated is the state once the checks of required columns hold for all rows.
func (o *online) validated(now *state) *state {
	for c, h := range o.checks {
		if h.name == "" {
			continue
		}
		now = now.with(c.table, func(t *table) {
			check := t.constraints[h.name]
			check.def = trimNotValid(check.def)
			t.constraints[h.name] = check
		})
	}
	return now
}
