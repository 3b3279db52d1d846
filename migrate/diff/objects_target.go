package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// Directives of an up file that a plan made, a line for each object.
const (
	objectsDirective = "plinth:objects"         // it makes, or changes to what the schema folder says
	droppedDirective = "plinth:objects-dropped" // it drops
)

// Managed lists what the up files, in their order, say about the objects that plans made: those that are still there, for
// [Input.Managed]. It never fails; files without such directives add nothing.
func Managed(ups ...string) []string {
	set := make(map[string]bool)
	for _, up := range ups {
		for _, d := range sqltext.Directives(up) {
			switch name := strings.Join(strings.Fields(d.Args), " "); d.Name {
			case objectsDirective:
				set[name] = true
			case droppedDirective: // and with it what was granted on it
				delete(set, name)
				delete(set, node{Kind: kindPrivileges, Name: name}.String())
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// ownsExtension tells the extensions that the model does not take over from the directory: it makes them itself, or a plan made them.
func (in Input) ownsExtension(name string) bool {
	if _, ok := declared(in.Model.sql)[name]; ok {
		return true
	}
	return slices.Contains(in.Managed, node{Kind: kindExtension, Name: name}.String())
}

// ownObjects leaves in a model's state what the model makes, not what was taken over from the directory for it.
func (s *state) ownObjects(in Input, copied []string) {
	s.managed = make(map[string]bool)
	for _, name := range in.Managed {
		s.managed[name] = true
	}
	pinned := declared(in.Model.sql)
	for n, o := range s.objects.all {
		if n.Kind != kindExtension {
			continue
		}
		o.pinned = pinned[n.Name]
		if slices.Contains(copied, n.Name) {
			delete(s.objects.all, n)
		}
	}
}

// targetObjects are the model's, and of the others those that no plan made. What was granted by hand stays unless the model grants.
func targetObjects(now, model *state, tables map[string]*table) *objects {
	t := &objects{all: make(map[node]*object), uses: maps.Clone(model.objects.uses), initial: now.objects.initial}
	for member, on := range now.objects.uses {
		set := maps.Clone(on)
		maps.Copy(set, t.uses[member])
		t.uses[member] = set
	}
	for n, o := range model.objects.all {
		want := *o
		have := now.objects.all[n]
		said := !maps.Equal(o.grants, model.objects.given(n)) || model.managed[privilegesOf(n)]
		switch {
		case said:
		case have != nil:
			want.grants = have.grants
		default:
			want.grants = now.objects.given(n)
		}
		want.granted = said
		if have != nil {
			want.Owner = have.Owner
		}
		t.all[n] = &want
	}
	for _, n := range now.objects.sorted() { // relations before what belongs to them
		if t.all[n] != nil || model.managed[n.String()] || !n.ownerStays(now, t, tables) {
			continue
		}
		kept := *now.objects.all[n]
		kept.byHand = true
		t.all[n] = &kept
	}
	return t
}

// ownerStays tells whether the table or view that n belongs to is there in a target too. What now does not know, such as a foreign table,
// no plan drops.
func (n node) ownerStays(now *state, target *objects, tables map[string]*table) bool {
	for _, kind := range []string{kindView, kindMatView} {
		if view := (node{Kind: kind, Schema: n.Schema, Name: n.Table}); now.objects.all[view] != nil {
			return target.all[view] != nil
		}
	}
	return n.Schema != "" || now.tables[n.Table] == nil || tables[n.Table] != nil
}

// privilegesOf is how Input.Managed says that a plan granted something on an object.
func privilegesOf(n node) string { return node{Kind: kindPrivileges, Name: n.String()}.String() }

// standOn tells whether an object stands on n.
func (o *objects) standOn(n node) bool {
	for _, x := range o.all {
		if x.deps[n] {
			return true
		}
	}
	return false
}

// followRenames writes down that what plans made has another name now, because its table or the type of an argument has: in the
// directives of up, and for the plan itself.
func (w *work) followRenames(up *script) {
	before, after := w.states[0].objects, w.states[1].objects
	now := make(map[address]map[string]node)
	for n, o := range after.all {
		if now[o.at] == nil {
			now[o.at] = make(map[string]node)
		}
		now[o.at][n.Kind] = n
	}
	for _, old := range before.sorted() {
		n, ok := now[before.all[old].at][old.Kind]
		if !ok || n == old || !w.model.managed[old.String()] {
			continue
		}
		w.model.managed[n.String()] = true
		up.objects = append(up.objects, droppedDirective+" "+old.String(), objectsDirective+" "+n.String())
		if w.model.managed[privilegesOf(old)] {
			w.model.managed[privilegesOf(n)] = true
			up.objects = append(up.objects, droppedDirective+" "+privilegesOf(old), objectsDirective+" "+privilegesOf(n))
		}
	}
	w.membersFollow(up)
}
