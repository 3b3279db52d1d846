package diff

import (
	"context"
	"strings"
)

// Files of keys, before the name of each, and the one that follows them.
const (
	indexFile = "index"
	keyFile   = "key"
	restFile  = "rest"
)

// runKeys plans, tries and adds the files of keys: the index, and what takes it over.
func (w *work) runKeys(ctx context.Context, r *Result) error {
	for _, k := range w.online.keys {
		name := dropFile + "_" + k.old.name
		if k.new.name != "" {
			name = keyFile + "_" + k.new.name
			build := &script{noTx: true}
			build.buildKey(k.table, k.new, standIn(k.new.name))
			build.noteUpserts(k.old.unique())
			if err := w.addFile(ctx, r, indexFile+"_"+k.new.name, build); err != nil {
				return err
			}
		}
		up, down := k.swap()
		up.objects = w.directives(func(s *state) *state { return s.with(k.table, func(t *table) { t.replace(k.old, k.new) }) })
		if err := w.addFileAndDown(ctx, r, name, up, down); err != nil {
			return err
		}
		if k.old.index != nil {
			w.online.gone = append(w.online.gone, member{k.table, retired(k.old.name)})
		}
	}
	return nil
}

// runRest drops the columns that only keys and indexes needed which are gone now.
func (w *work) runRest(ctx context.Context, r *Result) error {
	if len(w.online.keys) == 0 && !w.online.columns {
		return nil
	}
	last := len(w.states) - 1
	up := plan(w.states[last], w.online.keyed, w.in.Model, goForth)
	for name, earlier := range w.states[w.base].tables {
		if w.states[last].tables[name] != nil {
			w.states[last] = w.states[last].with(name, func(t *table) { t.earlier = earlier })
		}
	}
	return w.addFile(ctx, r, restFile, up)
}

// indexAs is the index of a key under another name.
func (s standing) indexAs(name string) index {
	if s.index != nil {
		i := *s.index
		i.name, i.comment = name, ""
		return i
	}
	parts := keyDefinition.FindStringSubmatch(s.key.def)
	return index{name: name, unique: true, def: parts[3] + parts[4] + parts[2], columns: s.key.columns}
}

// build is for files without a transaction.
func (s *script) build(table string, i index) {
	s.do(indexComment(table, i)+"; CONCURRENTLY, so that writers go on, which cannot run in a transaction", "%s", concurrently(createIndex(table, i)))
}

// buildKey builds the index of a key under another name.
func (s *script) buildKey(table string, key standing, name string) {
	s.build(table, key.indexAs(name))
	if key.key != nil && strings.Contains(key.key.def, deferrable) {
		s.statements[len(s.statements)-1].comment += "; checked at once until the constraint takes it over"
	}
}

// unique tells whether an upsert can go by it.
func (s standing) unique() bool { return s.key != nil || s.index != nil && s.index.unique }

// noteUpserts says of the last statement, a build, what an upsert meets that goes by another unique index: INSERT ... ON CONFLICT passes over
// rows that are alike in that index only, as long as PostgreSQL does not take the new one for valid.
func (s *script) noteUpserts(another bool) {
	if another {
		s.statements[len(s.statements)-1].comment += "; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again"
	}
}

// swap lets what comes take the name. The down builds first what it needs, so that no row gets in meanwhile that a key forbids.
func (k keyed) swap() (up, down *script) {
	up, down = &script{}, &script{noTx: true}
	in, out := standIn(k.new.name), retired(k.old.name)
	if k.new.name == "" {
		out = k.old.name // which is free then
	}
	if k.new.key != nil {
		down.buildKey(k.table, k.new, in)
		down.noteUpserts(true)
	}
	if k.old.key != nil {
		down.buildKey(k.table, k.old, out)
		down.noteUpserts(k.new.unique())
	}
	up.takeName(k.table, k.old, out, k.new, in)
	down.takeName(k.table, k.new, in, k.old, out)
	return up, down
}

// takeName makes have give up its name, an index for the one given, and want take it, an index from the one given.
func (s *script) takeName(table string, have standing, haveAs string, want standing, wantAs string) {
	comment := ident(have.name) + " goes with its index, in an instant"
	switch {
	case want.key != nil:
		comment = ident(want.name) + " takes over an index that is there, in an instant"
	case want.index != nil:
		comment = "an index takes the name " + ident(want.name) + ", in an instant"
	}
	var clauses []string
	if have.key != nil {
		clauses = append(clauses, "DROP CONSTRAINT "+ident(have.name))
	}
	if have.index != nil {
		free := "the index that has the name " + ident(have.name) + " gives it up, in an instant"
		s.do(free, "ALTER INDEX %s RENAME TO %s", ident(have.name), ident(haveAs))
		if have.index.comment != "" {
			s.do(free, "COMMENT ON INDEX %s IS NULL", ident(haveAs))
		}
	}
	if want.key != nil {
		parts := keyDefinition.FindStringSubmatch(want.key.def)
		clauses = append(clauses, "ADD CONSTRAINT "+ident(want.name)+" "+parts[1]+" USING INDEX "+ident(wantAs)+parts[5])
	}
	if len(clauses) > 0 { // in one statement, as a down has no transaction
		s.do(comment, "%s%s", alter(table), list(clauses))
	}
	if want.index != nil {
		s.do(comment, "ALTER INDEX %s RENAME TO %s", ident(wantAs), ident(want.name))
		if want.index.comment != "" {
			s.do(comment, "COMMENT ON INDEX %s IS %s", ident(want.name), literal(want.index.comment))
		}
	}
	if want.key != nil && want.key.comment != "" {
		s.do(comment, "COMMENT ON CONSTRAINT %s ON %s IS %s", ident(want.name), ident(table), literal(want.key.comment))
	}
}
