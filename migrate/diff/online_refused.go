package diff

import (
	"fmt"
	"maps"
	"slices"
)

// refuseLong refuses what PostgreSQL does only while readers or writers of a table that exists wait, for a time that grows with the table.
func (o *online) refuseLong(now, target *state) {
	p := &planner{from: now, to: target, replaced: make(map[member]bool)}
	p.findReplaced()
	for _, name := range p.both() {
		have, want := now.tables[name], target.tables[name]
		if have.partitioned {
			continue
		}
		for _, w := range want.columns {
			_, there := have.column(w.name)
			switch {
			case w.generated != "" && (!there || p.replaced[member{name, w.name}]):
				o.refuseColumn(name, w.name, "it is computed and stored, for which PostgreSQL writes the table anew")
			case !there && (w.identity != "" || w.serial != ""):
				o.refuseColumn(name, w.name, "it gets a number in each row that is there, for which PostgreSQL writes the table anew")
			}
		}
		for _, c := range slices.SortedFunc(maps.Values(want.constraints), compareConstraints) {
			if c.kind == 'x' && !c.child && have.constraints[c.name].def != c.def {
				o.refuse(c.object(name), "PostgreSQL builds its index under a lock only")
			}
		}
		for _, i := range slices.Sorted(maps.Keys(want.indexes)) {
			old, there := have.constraints[i]
			if _, stays := want.constraints[i]; there && !stays && !old.child && !isKey(old) {
				o.refuse(want.indexes[i].object(), "it takes the place of "+old.object(name)+", whose name is free only once that is dropped; another name would do (StorageKey)")
			}
		}
	}
}

// refuseMoved refuses an index or a key by the name of one of another table, which is dropped later.
func (o *online) refuseMoved(now, target *state) {
	had, has := now.relations(), target.relations()
	for _, name := range slices.Sorted(maps.Keys(has)) {
		if old, of := had[name], has[name]; old != "" && old != of && name != old && target.tables[old] != nil {
			o.refuse(fmt.Sprintf("%s of table %s", ident(name), ident(of)), fmt.Sprintf("table %s has one of that name, which goes later; plan one first and then the other", ident(old)))
		}
	}
}

func compareConstraints(a, b constraint) int {
	return compareMembers(member{name: a.name}, member{name: b.name})
}

func (o *online) refuseColumn(table, column, reason string) {
	o.refuse("column "+table+"."+column, reason)
}

func (o *online) refuse(object, reason string) {
	o.unsafe = append(o.unsafe, &UnsafeError{
		Reason: fmt.Sprintf("%s cannot be made while readers and writers go on: %s", object, reason),
		Advice: inOneFile,
	})
}

// inOneFile is the way out of an online plan.
const inOneFile = "give --online=false to plan it in one file, and apply that while the application can wait"
