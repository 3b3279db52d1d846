package diff

import (
	"maps"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// rebuiltByHand lists the objects made by hand that are not what they were after state last: the model says nothing of them, so foreign
// asks only that they are there. Their text may be another one where a column has another type, and their columns' types with it.
func (w *work) rebuiltByHand(last int) (wrong []catalog.Change) {
	for _, n := range w.target.objects.sorted() {
		want := w.target.objects.all[n]
		if !want.byHand {
			continue
		}
		now := w.states[last].objects.all[n]
		if now != nil && sameBesidesText(want, now) {
			continue
		}
		c := catalog.Change{Object: catalog.Object{Kind: n.Kind, Schema: n.Schema, Name: n.Name, Table: n.Table}, Change: catalog.Altered, Before: want.Def}
		if now != nil {
			c.After = now.Def
		}
		wrong = append(wrong, c)
	}
	for _, c := range catalog.Compare(w.snapshots[w.base], w.snapshots[last]) {
		less := func(fact string) bool { return !facts(c.After)[fact] && !strings.HasPrefix(fact, "type ") }
		if w.onViewByHand(c.Object) && (c.Change == catalog.Removed || slices.ContainsFunc(slices.Collect(maps.Keys(facts(c.Before))), less)) {
			wrong = append(wrong, c)
		}
	}
	return wrong
}

// onViewByHand tells what of a view is no object of a state, and so does not come back with it: what is said of its columns, but for
// comments, and statistics.
func (w *work) onViewByHand(o catalog.Object) bool {
	if o.Kind != catalog.KindColumn && o.Kind != catalog.KindStatistics {
		return false
	}
	for _, kind := range []string{kindView, kindMatView} {
		for _, schema := range []string{"", o.Schema} {
			if view := w.target.objects.all[node{Kind: kind, Schema: schema, Name: o.Table}]; view != nil && view.byHand {
				return true
			}
		}
	}
	return false
}

func sameBesidesText(a, b *object) bool {
	return slices.Equal(namesOf(a.Columns), namesOf(b.Columns)) && a.Signature == b.Signature && a.Options == b.Options && a.Roles == b.Roles &&
		(a.Using == "") == (b.Using == "") && (a.Check == "") == (b.Check == "") && a.Enabled == b.Enabled && a.NoData == b.NoData && a.Owner == b.Owner &&
		maps.Equal(a.comments, b.comments) && maps.Equal(a.grants, b.grants)
}

// namesOf leaves the types away, which follow the name of a column.
func namesOf(columns []string) (names []string) {
	for _, c := range columns {
		names = append(names, columnName(c))
	}
	return names
}

func columnName(c string) string {
	quoted := false
	for i := range len(c) {
		switch {
		case c[i] == '"':
			quoted = !quoted
		case c[i] == ' ' && !quoted:
			return c[:i]
		}
	}
	return c
}
