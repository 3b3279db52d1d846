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
	fillFile    = "fill"
	requireFile = "require"
	swapFile    = "swap"
	finishFile  = "finish"
)

// online is what of a plan waits for files of its own, because it would keep readers or writers of a table that exists waiting for a time
// that grows with the table.
type online struct {
	model   *Model
	around  *surroundings
	goal    *state            // where the first file leads: new indexes are missing, new constraints are NOT VALID
	indexes []member          // that come then, one file each
	stand   map[member]string // of these, what they are called until they take the place of the index that is there
	gone    []member          // indexes that nothing needs any more, which are dropped in files of their own
	checks  map[member]helper // columns that become required: filled, then by a check that is NOT VALID at first
	last    *state            // where the files before those of shadows lead
	shadows []shadowing       // columns whose type changes, after everything else
	unsafe  []error           // what cannot be done online
}

// helper is how a column is filled, and the check that proves it free of NULL before SET NOT NULL, which then need not read the table.
type helper struct {
	name  string // of the check; "" for a column that may hold NULL
	fill  string // what rows get that hold NULL
	key   string // the column that is the primary key, by which they are filled
	added bool   // the column is new
}

// goOnline splits the way from now to target, which the model asks for.
func goOnline(now, target *state, m *Model, around *surroundings) *online {
	o := &online{model: m, around: around, checks: make(map[member]helper), stand: make(map[member]string)}
	o.goal = target
	o.refuseLong(now, target)
	o.shadowsLater(now, target, (&planner{from: now, to: target}).swapped())
	o.last, target = o.goal, o.goal
	for _, name := range target.tableNames() {
		have := now.tables[name]
		if have == nil || have.partitioned || have.child {
			continue
		}
		o.goal = o.goal.with(name, func(t *table) {
			o.indexesLater(target, have, t)
			o.checkedLater(target, have, t)
			o.filledLater(have, t)
			o.requiredLater(have, t)
		})
	}
	return o
}

func (o *online) indexesLater(target *state, have, t *table) {
	for _, name := range slices.Sorted(maps.Keys(t.indexes)) {
		want := t.indexes[name]
		old, there := have.indexes[name]
		_, taken := have.constraints[name]
		m := member{t.name, name}
		switch {
		case taken || want.child || referencedBy(target, t.name, name):
		case !there:
			o.indexes = append(o.indexes, m)
			delete(t.indexes, name)
		case (old.def != want.def || old.unique != want.unique) && sameTypes(have, t, append(slices.Clone(old.columns), want.columns...)):
			stand := standIn(name)
			_, taken := have.indexes[stand]
			_, retiredTaken := have.indexes[retired(name)]
			if taken || retiredTaken || len(stand) > longestName || old.child {
				continue
			}
			o.indexes, o.stand[m] = append(o.indexes, m), stand
			old.comment = want.comment
			t.indexes[name] = old
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have.indexes)) {
		old := have.indexes[name]
		_, stays := t.indexes[name]
		_, taken := t.constraints[name]
		if !stays && !taken && !old.child && !slices.Contains(o.indexes, member{t.name, name}) && sameTypes(have, t, old.columns) && allStay(t, old.columns) {
			o.gone = append(o.gone, member{t.name, name})
			t.indexes[name] = old
		}
	}
}

// allStay tells whether the table keeps the columns; an index on none of them, on an expression alone, is none that can be told.
func allStay(t *table, columns []string) bool {
	return len(columns) > 0 && hasColumns(t, columns)
}

func standIn(name string) string { return name + "_new" }

// sameTypes tells whether the columns are in both, as they are: else their indexes are made anew with them.
func sameTypes(have, want *table, columns []string) bool {
	return !slices.ContainsFunc(columns, func(name string) bool {
		h, there := have.column(name)
		w, stays := want.column(name)
		return there && (!stays || h.typ != w.typ || h.collation != w.collation || h.generated != w.generated)
	})
}

// referencedBy tells whether a foreign key needs the unique index.
func referencedBy(s *state, table, index string) bool {
	for _, t := range s.tables {
		for _, c := range t.constraints {
			if c.kind == 'f' && c.refs == table && c.refKey == index {
				return true
			}
		}
	}
	return false
}

func (o *online) checkedLater(target *state, have, t *table) {
	for name, c := range t.constraints {
		old, there := have.constraints[name]
		_, taken := have.indexes[name]
		if taken || c.child || c.kind != 'f' && c.kind != 'c' || strings.HasSuffix(c.def, notValid) || there && sayable(old.def) == sayable(c.def) {
			continue
		}
		c.def += notValid
		t.constraints[name] = c
	}
	for name, old := range have.constraints {
		_, stays := t.constraints[name]
		_, taken := t.indexes[name]
		parent := old.kind == 'c' || old.kind == 'f' && target.tables[old.refs] != nil && hasColumns(target.tables[old.refs], old.refCols)
		if parent && !stays && !taken && !old.child && !strings.HasSuffix(old.def, notValid) && sameTypes(have, t, old.columns) && allStay(t, old.columns) {
			old.def += notValid // and is dropped in the last file, so that the way back can validate it when it is there
			t.constraints[name] = old
		}
	}
}

// longestName is PostgreSQL's NAMEDATALEN without the zero at the end.
const longestName = 63

func (o *online) requiredLater(have, t *table) {
	key := fillKey(have, t)
	for i, c := range t.columns {
		h, there := have.column(c.name)
		name := notNullCheck(t.name, c.name)
		_, taken := t.constraints[name]
		if !there || h.notNull || !c.notNull || h.typ != c.typ || c.def == "" || c.identity != "" || taken || len(name) > longestName || key == "" || key == c.name {
			continue
		}
		o.checks[member{t.name, c.name}] = helper{name: name, fill: c.def, key: key}
		t.columns[i].notNull = false
	}
}

func notNullCheck(table, column string) string { return table + "_" + column + "_not_null" }

// filledLater lets new columns come without the default that would write each row, which is filled in afterwards.
func (o *online) filledLater(have, t *table) {
	for i, c := range t.columns {
		_, there := have.column(c.name)
		if there || c.generated != "" {
			continue
		}
		if o.around.strict[c.base] {
			o.refuseColumn(t.name, c.name, fmt.Sprintf("its type %s is a domain with constraints, for which PostgreSQL writes the table anew", c.typ))
		}
		if c.def == "" || !o.around.volatile(c.def) {
			continue
		}
		h := helper{fill: c.def, key: fillKey(have, t), added: true}
		if c.notNull {
			h.name = notNullCheck(t.name, c.name)
		}
		switch {
		case h.key == "":
			o.refuseColumn(t.name, c.name, "its default gives each row a value of its own, and the table has no primary key of one column that stays, by which it could be filled in batches")
		case o.around.firedBy(t.name) != "":
			o.refuseColumn(t.name, c.name, "its default gives each row a value of its own, and "+o.around.firedBy(t.name))
		case len(h.name) > longestName:
			o.refuseColumn(t.name, c.name, fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(h.name)))
		default:
			o.checks[member{t.name, c.name}] = h
			t.columns[i].notNull, t.columns[i].defLater = false, true
		}
	}
}

// fillKey is the column by which a table can be filled, "" for none.
func fillKey(have, want *table) string {
	if key := keyOf(have); key == keyOf(want) {
		return key
	}
	return ""
}

// keyOf is the only column of the primary key, "" where there are several or none.
func keyOf(t *table) string {
	for _, c := range t.constraints {
		if c.kind == 'p' && len(c.columns) == 1 {
			return c.columns[0]
		}
	}
	return ""
}

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
		added.comment = "" // which comes in the last file: this one holds one statement
		if stand := w.online.stand[i]; stand != "" {
			added.name = stand
		}
		goal = goal.with(i.table, func(t *table) { t.indexes[added.name] = added })
		s := &script{noTx: true}
		s.do(indexComment(i.table, added)+"; CONCURRENTLY, so that writers go on, which cannot run in a transaction", "%s", concurrently(createIndex(i.table, added)))
		s.objects = plan(w.states[len(w.states)-1], goal, w.in.Model, goForth).objects
		if err := w.addFile(ctx, r, "index_"+i.name, s); err != nil {
			return err
		}
	}
	if err := w.swapIndexes(ctx, r); err != nil {
		return err
	}
	if err := w.addFile(ctx, r, finishFile, w.finish()); err != nil {
		return err
	}
	if err := w.dropIndexes(ctx, r); err != nil {
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
		rename(down, m.name, stand)
		rename(down, old, m.name)
		w.online.gone = append(w.online.gone, member{m.table, old})
	}
	return w.addFileAndDown(ctx, r, swapFile, up, down)
}

func retired(name string) string { return name + "_old" }

// dropIndexes drops what nothing needs any more, a file each, so that the down can build it in the same way.
func (w *work) dropIndexes(ctx context.Context, r *Result) error {
	for _, m := range w.online.gone {
		s := &script{noTx: true}
		s.do(fmt.Sprintf("drop index %s from table: %s; CONCURRENTLY, so that nobody waits, which cannot run in a transaction", ident(m.name), ident(m.table)),
			"DROP INDEX CONCURRENTLY %s", ident(m.name))
		if err := w.addFile(ctx, r, "drop_"+m.name, s); err != nil {
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
	if up.noTx && !down.noTx && len(down.statements) == 1 && indexStatement.MatchString(down.statements[0].sql) {
		down.noTx, down.statements[0].sql = true, concurrently(down.statements[0].sql)
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
