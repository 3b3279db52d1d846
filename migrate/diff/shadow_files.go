package diff

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Files of a shadowing, after the name of its first table.
const (
	shadowFile  = "shadow"
	analyzeFile = "analyze"
	dropFile    = "drop"
)

// runShadows plans, tries and adds the files that change types, after everything else.
func (w *work) runShadows(ctx context.Context, r *Result) error {
	if len(w.online.shadows) == 0 {
		return nil
	}
	start := w.states[len(w.states)-1]
	objects := plan(start, w.target, w.in.Model, show).objects
	for _, g := range w.online.shadows {
		s := &shadows{work: w, shadowing: g, now: start}
		if err := s.run(ctx, r, objects); err != nil {
			return onlineRefusal(err)
		}
		objects = nil
	}
	return w.nothingLost()
}

// shadows are the files of one shadowing in the making.
type shadows struct {
	*work
	shadowing
	now *state // before the first of them
}

// run adds the files; objects are the directives of the one that makes the change.
func (s *shadows) run(ctx context.Context, r *Result, objects []string) error {
	first := "_" + s.tables[0].name
	install, gone := s.install(goForth), s.uninstall(newSuffix)
	lost := install.lost // with the old columns, not before
	install.lost = nil
	if err := s.addFileAndDown(ctx, r, shadowFile+first, install, gone); err != nil {
		return err
	}
	for _, t := range s.tables {
		if err := s.addFileAndDown(ctx, r, fillFile+"_"+t.name, s.fill(t, goForth), analyze(t)); err != nil {
			return err
		}
	}
	for _, t := range s.tables {
		for _, i := range t.new.indexes {
			build, drop := s.index(t, t.new, i)
			if err := s.addFileAndDown(ctx, r, indexFile+"_"+i.name, build, drop); err != nil {
				return err
			}
		}
	}
	swap := s.swap(goForth)
	swap.objects, swap.lost = append(s.harmless(), objects...), lost // a row that is written then gets the value that the new one converts to
	if err := s.addFileAndDown(ctx, r, swapFile+first, swap, s.swap(goBack)); err != nil {
		return err
	}
	for _, t := range s.tables {
		for _, i := range t.old.indexes {
			build, drop := s.index(t, t.old, i)
			if err := s.addFileAndDown(ctx, r, dropFile+"_"+i.name, drop, build); err != nil {
				return err
			}
		}
	}
	for _, t := range s.tables {
		if err := s.addFileAndDown(ctx, r, analyzeFile+"_"+t.name, analyze(t), s.fill(t, goBack)); err != nil {
			return err
		}
	}
	gone = s.uninstall(oldSuffix)
	gone.lost = lost
	rules := "drop-column drop-trigger"
	if len(s.enums)+len(s.gone) > 0 {
		rules += " drop-type"
	}
	gone.objects = []string{"atlas:nolint " + rules + " what goes is a copy: the column lives on under its name, with another type"}
	return s.addFileAndDown(ctx, r, dropFile+first, gone, s.install(goBack))
}

// harmless is the directive for what lint would warn of in the swap: something else takes the place of each that goes, in the same instant.
func (s *shadows) harmless() []string {
	rules := []string{"rename-column"}
	add := func(rule string, when bool) {
		if when && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	for _, t := range s.tables {
		for i, c := range t.old.columns {
			add("drop-not-null", c.notNull)
			add("drop-constraint", !c.notNull && s.filledCheck(t, i, goForth) != "")
		}
		add("drop-constraint", len(t.old.constraints) > 0)
	}
	add("drop-type", len(s.enums) > 0)
	return []string{"atlas:nolint " + strings.Join(rules, " ") + " another column takes the place in the same instant"}
}

// lanes are the one that is the shadow at first, on a way, and the one whose place it takes.
func (t shadowed) lanes(why purpose) (in, out lane) {
	if why == goBack {
		return t.old, t.new
	}
	return t.new, t.old
}

// install adds the shadow columns, and keeps them equal from then on.
func (s *shadows) install(why purpose) *script {
	up := &script{}
	suffix := map[purpose]string{goForth: newSuffix, goBack: oldSuffix}[why]
	for _, e := range s.enums {
		enum := *s.enum(e, why)
		enum.name += suffix
		up.do("the values that it will have, in a type of its own", "%s", createEnum(&enum))
		if enum.comment != "" {
			up.do("the values that it will have, in a type of its own", "COMMENT ON TYPE %s IS %s", ident(enum.name), literal(enum.comment))
		}
	}
	if why == goBack {
		for _, e := range s.gone {
			up.do("the type that the old column has", "%s", createEnum(s.now.enums[e]))
			if comment := s.now.enums[e].comment; comment != "" {
				up.do("the type that the old column has", "COMMENT ON TYPE %s IS %s", ident(e), literal(comment))
			}
		}
	}
	var guards []statement
	for _, t := range s.tables {
		in, _ := t.lanes(why)
		p, exprs := s.conversions(t, why)
		guards, up.lost, up.fails = slices.Concat(guards, p.guards, s.tryRows(t, why)), append(up.lost, p.lost...), append(up.fails, p.fails...)
		comment := fmt.Sprintf("beside %s of table %s comes a column of the other type, which a trigger keeps equal: locks for an instant", list(in.columnNames()), ident(t.name))
		for _, c := range in.columns {
			shadow := s.shadow(c, in.suffix)
			up.do(comment, "%sADD COLUMN %s %s", alter(t.name), ident(shadow.name), typeOf(shadow))
			if c.comment != "" {
				up.do(comment, "COMMENT ON COLUMN %s.%s IS %s", ident(t.name), ident(shadow.name), literal(c.comment))
			}
		}
		up.do(comment, "%s", s.function(t, in, exprs, "CREATE"))
		up.do(comment, "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s()", ident(shadowTrigger), ident(t.name), ident(functionName(t.name)))
		up.do(comment, "%sENABLE ALWAYS TRIGGER %s", alter(t.name), ident(shadowTrigger))
		s.addNotValid(up, t, in, why)
	}
	up.statements = slices.Concat(guards, up.statements)
	return up
}

func (l lane) columnNames() (names []string) {
	for _, c := range l.columns {
		names = append(names, ident(c.name))
	}
	return names
}

// addNotValid adds what a shadow must fulfil before it takes the place: that it is filled, and copies of the constraints.
func (s *shadows) addNotValid(up *script, t shadowed, in lane, why purpose) {
	comment := fmt.Sprintf("checked from now on, and for the rows that are there once %s is filled", list(in.columnNames()))
	for i, c := range in.columns {
		if check := s.filledCheck(t, i, why); check != "" {
			up.do(comment, "%sADD CONSTRAINT %s %s%s", alter(t.name), ident(filledName(t.name, c.name)), check, notValid)
		}
	}
	for _, c := range in.constraints {
		up.do(comment, "%sADD CONSTRAINT %s %s%s", alter(t.name), ident(c.name+in.suffix), s.renamed(trimNotValid(c.def), in.columns, in.suffix), notValid)
		if c.comment != "" {
			up.do(comment, "COMMENT ON CONSTRAINT %s ON %s IS %s", ident(c.name+in.suffix), ident(t.name), literal(c.comment))
		}
	}
}

// uninstall ends a shadow.
func (s *shadows) uninstall(suffix string) *script {
	up := &script{}
	for _, t := range s.tables {
		l := t.new
		if suffix == oldSuffix {
			l = t.old
		}
		comment := fmt.Sprintf("nothing needs the copy of %s any more: locks for an instant", list(l.columnNames()))
		up.do(comment, "DROP TRIGGER %s ON %s", ident(shadowTrigger), ident(t.name))
		up.do(comment, "DROP FUNCTION %s()", ident(functionName(t.name)))
		for _, c := range l.columns {
			up.do(comment, "%sDROP COLUMN %s", alter(t.name), ident(c.name+suffix))
		}
	}
	for _, e := range s.enums {
		up.do("nothing has this type any more", "DROP TYPE %s", ident(e+suffix))
	}
	if suffix == oldSuffix {
		for _, e := range s.gone {
			up.do("nothing has this type any more", "DROP TYPE %s", ident(e))
		}
	}
	return up
}

// fill gives the rows that are there their shadow.
func (s *shadows) fill(t shadowed, why purpose) *script {
	in, _ := t.lanes(why)
	_, exprs := s.conversions(t, why)
	var set, open []string
	for i, c := range in.columns {
		name := ident(c.name + in.suffix)
		set = append(set, name+" = "+exprs[i])
		open = append(open, fmt.Sprintf("%s IS NULL AND (%s) IS NOT NULL", name, exprs[i]))
	}
	what := open[0]
	if len(open) > 1 {
		what = "(" + strings.Join(open, " OR ") + ")"
	}
	return s.inBatches(batches{table: t.name, key: t.key, column: list(in.columnNames()) + ", in the other type,", set: strings.Join(set, ", "), where: what})
}

// analyze lets the planner of queries know a column before all depends on it.
func analyze(t shadowed) *script {
	s := &script{}
	s.do("statistics of the column that is new, which no query plan knows yet", "ANALYZE %s (%s)", ident(t.name), list(t.new.columnNames()))
	return s
}

// index builds, and drops, an index of a shadow.
func (s *shadows) index(t shadowed, l lane, i index) (build, drop *script) {
	i.def, i.name, i.comment = s.renamed(i.def, l.columns, l.suffix), i.name+l.suffix, ""
	build, drop = &script{noTx: true}, &script{noTx: true}
	build.build(t.name, i)
	drop.do(fmt.Sprintf("drop index %s from table: %s; CONCURRENTLY, so that nobody waits, which cannot run in a transaction", ident(i.name), ident(t.name)),
		"DROP INDEX CONCURRENTLY %s", ident(i.name))
	return build, drop
}

// swap lets the shadows take the names. The rows are read before, while readers and writers go on; what needs locks that nobody can pass
// comes after and takes an instant.
func (s *shadows) swap(why purpose) *script {
	up := &script{}
	for _, t := range s.tables {
		in, _ := t.lanes(why)
		const comment = "read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile"
		for i, c := range in.columns {
			if s.filledCheck(t, i, why) != "" {
				up.do(comment, "%sVALIDATE CONSTRAINT %s", alter(t.name), ident(filledName(t.name, c.name)))
			}
		}
		for _, c := range in.constraints {
			if !strings.HasSuffix(c.def, notValid) {
				up.do(comment, "%sVALIDATE CONSTRAINT %s", alter(t.name), ident(c.name+in.suffix))
			}
		}
	}
	inSuffix, outSuffix := newSuffix, oldSuffix
	if why == goBack {
		inSuffix, outSuffix = outSuffix, inSuffix
	}
	for _, t := range s.tables {
		s.takePlace(up, t, why)
	}
	for _, e := range s.enums {
		comment := "the types change their names, in an instant"
		up.do(comment, "ALTER TYPE %s RENAME TO %s", ident(e), ident(e+outSuffix))
		up.do(comment, "ALTER TYPE %s RENAME TO %s", ident(e+inSuffix), ident(e))
	}
	for _, t := range s.tables {
		s.followPlace(up, t, why)
	}
	return up
}

// takePlace renames the columns with what stands on them.
func (s *shadows) takePlace(up *script, t shadowed, why purpose) {
	in, out := t.lanes(why)
	comment := fmt.Sprintf("columns of table %s change their names, in an instant; the new one stands last, so that statements must name the columns that they write", ident(t.name))
	for i, c := range in.columns {
		have := out.columns[i]
		column := alter(t.name) + "ALTER COLUMN " + ident(c.name)
		if have.def != "" {
			up.do(comment, "%s DROP DEFAULT", column)
		}
		if c.notNull {
			up.do(comment, "%sALTER COLUMN %s SET NOT NULL", alter(t.name), ident(c.name+in.suffix))
		}
		if have.notNull {
			up.do(comment, "%s DROP NOT NULL", column)
		}
		if s.filledCheck(t, i, why) != "" {
			up.do(comment, "%sDROP CONSTRAINT %s", alter(t.name), ident(filledName(t.name, c.name)))
		}
	}
	for _, c := range out.constraints {
		up.do(comment, "%sDROP CONSTRAINT %s", alter(t.name), ident(c.name))
	}
	for _, c := range in.columns {
		up.do(comment, "%sRENAME COLUMN %s TO %s", alter(t.name), ident(c.name), ident(c.name+out.suffix))
		up.do(comment, "%sRENAME COLUMN %s TO %s", alter(t.name), ident(c.name+in.suffix), ident(c.name))
	}
	for _, c := range in.constraints {
		up.do(comment, "%sRENAME CONSTRAINT %s TO %s", alter(t.name), ident(c.name+in.suffix), ident(c.name))
	}
	for _, i := range out.indexes {
		up.do(comment, "ALTER INDEX %s RENAME TO %s", ident(i.name), ident(i.name+out.suffix))
	}
	for _, i := range in.indexes {
		up.do(comment, "ALTER INDEX %s RENAME TO %s", ident(i.name+in.suffix), ident(i.name))
		if i.comment != "" {
			up.do(comment, "COMMENT ON INDEX %s IS %s", ident(i.name), literal(i.comment))
		}
	}
}

// followPlace makes the columns that were in use the shadows.
func (s *shadows) followPlace(up *script, t shadowed, why purpose) {
	in, out := t.lanes(why)
	comment := fmt.Sprintf("the other column of table %s is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both", ident(t.name))
	for _, c := range in.columns {
		if c.def != "" {
			up.do(comment, "%sALTER COLUMN %s SET DEFAULT %s", alter(t.name), ident(c.name), c.def)
		}
	}
	back := goBack
	if why == goBack {
		back = goForth
	}
	_, exprs := s.conversions(t, back)
	up.do(comment, "%s", s.function(t, out, exprs, "CREATE OR REPLACE"))
	s.addNotValid(up, t, out, back)
}
