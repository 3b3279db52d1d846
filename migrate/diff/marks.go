package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// refuseMarked refuses to drop or change an index or a key with something on it that was made by hand and that no other index would have:
// the replica identity or the order of its table (CLUSTER ON), a tablespace, options.
func (w *work) refuseMarked() (faults []error) {
	now := w.states[w.base]
	for _, table := range now.tableNames() {
		have, want := now.tables[table], w.target.tables[table]
		if want == nil || have.child {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(have.indexes)) {
			old := have.indexes[name]
			if i, stays := want.indexes[name]; !old.child && (!stays || changes(old, i)) {
				faults = append(faults, w.marked(old.object(), catalog.KindIndex, plain(name))...)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(have.constraints)) {
			old := have.constraints[name]
			if c, stays := want.constraints[name]; isKey(old) && !old.child && (!stays || c.def != old.def) {
				faults = append(faults, w.marked(old.object(table), catalog.KindConstraint, plain(table)+"."+plain(name))...)
			}
		}
	}
	return faults
}

func (w *work) marked(object, kind, name string) (faults []error) {
	def, _ := definition(w.snapshots[w.base], kind, name)
	for _, fact := range slices.Sorted(maps.Keys(facts(def))) {
		mark := !isComment(fact) && !strings.HasPrefix(fact, "CREATE ")
		if kind == catalog.KindConstraint {
			mark = strings.HasPrefix(fact, "index ") // of the index behind it
		}
		if mark {
			faults = append(faults, &UnsafeError{
				Reason: fmt.Sprintf("%s goes or gets another index, and with the one that is there would go what was made by hand on it: %s", object, strings.Join(strings.Fields(fact), " ")),
				Advice: "take that off first, in a migration by hand (plinth new), and give it to an index that stays",
			})
		}
	}
	return faults
}
