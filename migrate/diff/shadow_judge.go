package diff

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// nothingLost makes sure that a column which was copied had nothing beside it that the copy lacks: privileges, a statistics target,
// extended statistics.
func (w *work) nothingLost() error {
	before, after := w.snapshots[w.base], w.snapshots[len(w.snapshots)-1]
	for _, g := range w.online.shadows {
		for _, e := range g.enums {
			if fact := lacks(before, after, catalog.KindEnum, plain(e)); fact != "" {
				return goesAlong(g.tables[0].name, fact)
			}
		}
		for _, t := range g.tables {
			for _, o := range before.Objects {
				_, stays := after.Find(o.Kind, o.Schema, o.Name)
				if o.Kind == catalog.KindStatistics && o.Table == t.name && !stays {
					return goesAlong(t.name, o.String())
				}
			}
			for _, c := range t.old.columns {
				if fact := lacks(before, after, catalog.KindColumn, plain(t.name)+"."+plain(c.name)); fact != "" {
					return goesAlong(t.name, fact)
				}
			}
			for _, i := range t.old.indexes {
				if fact := lacks(before, after, catalog.KindIndex, plain(i.name)); fact != "" {
					return goesAlong(t.name, fact)
				}
			}
		}
	}
	return nil
}

// lacks is a fact that was made by hand of an object which both snapshots have; "" for none.
func lacks(before, after *catalog.Snapshot, kind, name string) string {
	now, there := definition(after, kind, name)
	if !there {
		return ""
	}
	was, _ := definition(before, kind, name)
	have := facts(now)
	for fact := range facts(was) {
		mine := isComment(fact) || strings.HasPrefix(fact, "CREATE ") || strings.HasPrefix(fact, "labels") || slices.ContainsFunc(owned, func(prefix string) bool { return strings.HasPrefix(fact, prefix) })
		if !mine && !have[fact] {
			return strings.Join(strings.Fields(fact), " ") + " on " + kind + " " + name
		}
	}
	return ""
}

func definition(s *catalog.Snapshot, kind, name string) (def string, there bool) {
	for _, o := range s.Objects {
		if o.Kind == kind && o.Name == name {
			return o.Def, true
		}
	}
	return "", false
}

func goesAlong(table, what string) error {
	return &UnsafeError{
		Reason: fmt.Sprintf("a column of table %s would be changed by a copy that takes its place, and %s, which was made by hand, would go with the old one", table, what),
		Advice: inOneFile,
	}
}

// onlineRefusal says that there is another way.
func onlineRefusal(err error) error {
	if e, ok := errors.AsType[*UnsafeError](err); ok {
		return &UnsafeError{Reason: e.Reason, Advice: e.Advice + "; or " + inOneFile, Err: e.Err}
	}
	return err
}
