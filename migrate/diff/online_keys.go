package diff

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A unique constraint or a primary key of a table that exists gets an index that was built CONCURRENTLY, and takes it over in an instant.
// PostgreSQL cannot give the index back: it goes with the constraint, so that the way back builds it anew, CONCURRENTLY too, before it
// drops anything.

// keyed is a key that comes, goes or changes: what has its name before and after.
type keyed struct {
	table    string
	old, new standing
}

// standing is a unique constraint or a primary key, or the index in whose place one comes or which comes in its place; of the zero value
// nothing has the name.
type standing struct {
	name  string
	key   *constraint
	index *index
}

// keyDefinition is a unique constraint or a primary key as PostgreSQL prints it: its kind, what it says of NULL, its columns, those that it
// includes, and when it is checked.
var keyDefinition = regexp.MustCompile(`^(UNIQUE|PRIMARY KEY)( NULLS NOT DISTINCT)? (\(.+?\))( INCLUDE \(.+\))?( DEFERRABLE(?: INITIALLY DEFERRED)?)?$`)

// takesOver tells whether the key can have an index that was built before: one without periods (PostgreSQL 18).
func takesOver(c constraint) bool {
	return keyDefinition.MatchString(c.def) && !strings.HasSuffix(sayable(c.def), " WITHOUT OVERLAPS)")
}

func isKey(c constraint) bool { return c.kind == 'u' || c.kind == 'p' }

func standingIn(t *table, name string) standing {
	if c, there := t.constraints[name]; there {
		return standing{name: name, key: &c}
	}
	if i, there := t.indexes[name]; there {
		return standing{name: name, index: &i}
	}
	return standing{}
}

func (s standing) columns() []string {
	switch {
	case s.key != nil:
		return s.key.columns
	case s.index != nil:
		return s.index.columns
	}
	return nil
}

// keyChanges are the keys that differ, by name.
func keyChanges(have, want *table) (changes []keyed) {
	names := make(map[string]bool)
	for _, t := range []*table{have, want} {
		for name, c := range t.constraints {
			names[name] = names[name] || isKey(c) && !c.child
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		k := keyed{table: have.name, old: standingIn(have, name), new: standingIn(want, name)}
		same := k.old.key != nil && k.new.key != nil && k.old.key.def == k.new.key.def
		comes := k.new.key != nil && isKey(*k.new.key)
		goes := k.old.key != nil && isKey(*k.old.key) && (k.new.name != "" || allStay(want, k.old.key.columns))
		if names[name] && !same && (comes || goes) {
			changes = append(changes, k)
		}
	}
	return changes
}

// keysLater takes the keys that change out of the goal and notes them; what cannot be done so is refused.
func (o *online) keysLater(now, target *state) {
	for _, name := range target.tableNames() {
		have := now.tables[name]
		if have == nil || have.partitioned || have.child {
			continue
		}
		for _, k := range keyChanges(have, target.tables[name]) {
			reason := k.reason(now, target)
			if reason == "" {
				reason = o.nameReason(target, k.names()...)
			}
			if reason != "" {
				object := k.new.object(name)
				if k.new.name == "" {
					object = "the drop of " + k.old.object(name)
				}
				o.refuse(object, reason)
				continue
			}
			o.keys = append(o.keys, k)
			o.goal = o.goal.with(name, func(t *table) { k.keepOld(have, t) })
		}
	}
}

func (s standing) object(table string) string {
	if s.index != nil {
		return s.index.object()
	}
	return s.key.object(table)
}

// replace puts one in the place of another.
func (t *table) replace(goes, comes standing) {
	delete(t.constraints, goes.name)
	delete(t.indexes, goes.name)
	if comes.key != nil {
		t.constraints[comes.name] = *comes.key
	}
	if comes.index != nil {
		t.indexes[comes.name] = *comes.index
	}
}

// keepOld gives a table of the goal what has the name before, with its columns as they are.
func (k keyed) keepOld(have, t *table) {
	t.replace(k.new, k.old)
	for _, name := range k.old.columns() {
		old, _ := have.column(name)
		if _, stays := t.column(name); !stays {
			t.columns = append(t.columns, old)
		}
		for i := range t.columns {
			if c := &t.columns[i]; c.name == name && k.old.key != nil && k.old.key.kind == 'p' {
				c.notNull = old.notNull // which a primary key requires
			}
		}
	}
}

// reason says why a key cannot change while readers and writers go on; "" if it can.
func (k keyed) reason(now, target *state) string {
	have, want := now.tables[k.table], target.tables[k.table]
	for _, s := range []standing{k.old, k.new} {
		switch {
		case s.key == nil:
		case !isKey(*s.key):
			return fmt.Sprintf("%s has its name; another name would do (StorageKey)", s.key.object(k.table))
		case !takesOver(*s.key):
			return fmt.Sprintf("PostgreSQL builds the index of %s under a lock only", s.key.def)
		}
	}
	if by := k.referrer(target, target); by != "" && k.referrer(now, target) == "" {
		return by + ", which is new, refers to it; plan one first and then the other"
	}
	if by := k.referrer(now, target); by != "" {
		return by + " refers to it; by hand (plinth new): build the index CONCURRENTLY, then in one transaction drop the foreign key and the key, " +
			"ADD CONSTRAINT ... USING INDEX and the foreign key NOT VALID, which is validated in a file of its own"
	}
	if k.new.key != nil && k.new.key.kind == 'p' {
		if p := primaryKey(have); p != nil && p.name != k.new.name {
			return fmt.Sprintf("the table has %s, of another name", p.object(k.table))
		}
		for _, name := range k.new.key.columns {
			h, there := have.column(name)
			if w, _ := want.column(name); there && !h.notNull && (w.def == "" || keyOf(have) == "") {
				return fmt.Sprintf("column %s may hold NULL, for which PostgreSQL would read the table: make it required first, in a plan of its own", ident(name))
			}
		}
	}
	return ""
}

// referrer is a foreign key of the state that needs the key as it is or as it will be, and does not go; "" for none.
func (k keyed) referrer(s, target *state) string {
	for _, of := range s.tableNames() {
		for _, c := range slices.SortedFunc(maps.Values(s.tables[of].constraints), compareConstraints) {
			needs := c.kind == 'f' && c.refs == k.table && (c.refKey == k.old.name || c.refKey == k.new.name)
			if rest := target.tables[of]; needs && rest != nil && rest.constraints[c.name].kind == 'f' {
				return c.object(of)
			}
		}
	}
	return ""
}

// primaryKey is nil where there is none.
func primaryKey(t *table) *constraint {
	for _, c := range t.constraints {
		if c.kind == 'p' {
			return &c
		}
	}
	return nil
}

// names are those that the indexes have meanwhile.
func (k keyed) names() (names []string) {
	if k.new.name != "" {
		names = append(names, standIn(k.new.name))
	}
	if k.new.name != "" && k.old.name != "" {
		names = append(names, retired(k.old.name))
	}
	return names
}
