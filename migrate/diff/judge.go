package diff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/migrate/catalog"
)

// run tries a script on the directory's database.
func (w *work) run(ctx context.Context, step string, s *script) error {
	run := execute
	if s.noTx {
		run = executeAlone
	}
	statement, err := run(ctx, w.db, s.statements)
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok && step == "up" {
		if unsafe := explainRefusal(e.SQLState(), statement, err); unsafe != nil {
			return unsafe
		}
	}
	return &MismatchError{Step: step, Statement: statement, Err: err}
}

// explainRefusal tells refusals that the user's own objects cause from faults of the plan. The codes are those of PostgreSQL 18,
// src/backend/utils/errcodes.txt.
func explainRefusal(code, statement string, err error) error {
	var advice string
	switch code {
	case "2BP01", "0A000": // dependent_objects_still_exist, feature_not_supported
		advice = "an object made by hand stands on it (a view, a function, a trigger, a policy): write the whole change by hand (plinth new), " +
			"dropping that object first and making it again at the end"
	case "42846", "42804": // cannot_coerce, datatype_mismatch
		advice = "PostgreSQL has no conversion between these types: say by plinth.Using how a value is converted"
	default:
		return nil
	}
	reason := fmt.Sprintf("%s: the server refuses: %v", statement, err)
	if e, ok := errors.AsType[*pq.Error](err); ok && e.Detail != "" {
		reason += " (" + strings.ReplaceAll(e.Detail, "\n", "; ") + ")"
	}
	return &UnsafeError{Reason: reason, Advice: advice, Err: err}
}

// downOf plans the way back over file i, from what is really there.
func (w *work) downOf(i int) *script {
	return plan(w.states[i+1], w.states[i], w.in.Model, goBack)
}

// judge compares what the ups made with the model: first what the model owns, where a further plan must be empty, then everything
// that the catalogs hold.
func (w *work) judge() error {
	last := len(w.states) - 1
	step := "up"
	if last == 0 {
		step = "no plan"
	}
	now := w.states[last]
	again := plan(now, w.targetOf(now), w.in.Model, show)
	extend, _ := extendEnums(now, w.target)
	wrong := append(foreign(w.modelSnapshot, w.snapshots[w.base], w.snapshots[last]), w.rebuiltByHand(last)...)
	if again.empty() && extend.empty() && len(wrong) == 0 {
		return nil
	}
	if len(wrong) == 0 {
		wrong = catalog.Compare(w.modelSnapshot, w.snapshots[last])
	}
	return &MismatchError{Step: step, Changes: wrong}
}

// proveDowns runs the downs, newest first, and the ups again.
func (w *work) proveDowns(ctx context.Context) error {
	for i := len(w.downs) - 1; i >= 0; i-- {
		if err := w.run(ctx, "down", w.downs[i]); err != nil {
			return err
		}
		now, err := w.snapshot(ctx, w.db)
		if err != nil {
			return err
		}
		var wrong []catalog.Change
		for _, c := range catalog.Compare(w.snapshots[i], now) {
			gone := w.wentAlong(i, c)
			if len(gone) == 0 {
				wrong = append(wrong, c)
			}
			w.ups[i].lost = append(w.ups[i].lost, gone...)
		}
		if len(wrong) > 0 {
			return &MismatchError{Step: "down", Changes: wrong}
		}
	}
	return w.proveSecondUp(ctx)
}

func (w *work) proveSecondUp(ctx context.Context) error {
	for _, up := range w.ups {
		if err := w.run(ctx, "second up", up); err != nil {
			return err
		}
	}
	now, err := w.snapshot(ctx, w.db)
	if err != nil {
		return err
	}
	if wrong := catalog.Compare(w.snapshots[len(w.snapshots)-1], now); len(wrong) > 0 {
		return &MismatchError{Step: "second up", Changes: wrong}
	}
	return nil
}

// wentAlong tells what a difference after down i took away by hand, when it stood on a table or column that up i dropped: a trigger,
// a policy, a privilege. The plan cannot bring it back; the down says so. It is empty for a difference that must not be.
func (w *work) wentAlong(i int, c catalog.Change) (gone []string) {
	if !dropped(c.Object, w.states[i], w.states[i+1]) {
		return nil
	}
	switch c.Change {
	case catalog.Removed:
		return []string{c.Object.String()}
	case catalog.Altered:
		return lostFacts(c)
	default:
		return nil
	}
}

// dropped tells whether an object belongs to a table or column that after lacks.
func dropped(o catalog.Object, before, after *state) bool {
	for name, t := range before.tables {
		rest := after.tables[name]
		mine := o.Table == name || o.Kind == catalog.KindTable && o.Name == plain(name)
		if mine && (rest == nil || o.Kind == catalog.KindStatistics || droppedColumn(o, t, rest)) {
			return true
		}
	}
	return false
}

func droppedColumn(o catalog.Object, before, after *table) bool {
	return o.Kind == catalog.KindColumn && slices.ContainsFunc(before.columns, func(c column) bool {
		_, stays := after.column(c.name)
		return !stays && o.Name == plain(before.name)+"."+plain(c.name)
	})
}

// owned begins the facts that the plan must bring back.
var owned = []string{"type ", "not null", "default", "generated", "identity", "collation"}

// lostFacts names what an object lacks now; nothing when something else differs too. Default privileges may have added some.
func lostFacts(c catalog.Change) (names []string) {
	before, after := facts(c.Before), facts(c.After)
	for fact := range after {
		if !before[fact] && !isPrivilege(fact) {
			return nil
		}
	}
	for fact := range before {
		switch {
		case after[fact]:
		case slices.ContainsFunc(owned, func(prefix string) bool { return strings.HasPrefix(fact, prefix) }):
			return nil
		default:
			names = append(names, strings.Join(strings.Fields(fact), " ")+" on "+c.Object.String())
		}
	}
	slices.Sort(names)
	return names
}

// foreign lists the differences between the model and now that are not things by hand which were there before: from what should be to
// what is.
func foreign(model, before, now *catalog.Snapshot) (wrong []catalog.Change) {
	for _, c := range catalog.Compare(model, now) {
		old, was := before.Find(c.Object.Kind, c.Object.Schema, c.Object.Name)
		switch {
		case c.Change == catalog.Added && was:
		case c.Change == catalog.Altered && keptFacts(c, old.Def):
		default:
			wrong = append(wrong, c)
		}
	}
	return wrong
}

// keptFacts tells whether an altered object lacks nothing of the model and has beyond it only what it had before, what default
// privileges gave it, or DEFERRABLE.
func keptFacts(c catalog.Change, old string) bool {
	if c.Object.Kind == catalog.KindConstraint && c.After == old && undeferred(c.After) == c.Before {
		return true
	}
	model, now, was := facts(c.Before), facts(c.After), facts(old)
	for fact := range model {
		if !now[fact] && !isPrivilege(fact) && !isComment(fact) {
			return false
		}
	}
	for fact := range now {
		if !model[fact] && !was[fact] && !isPrivilege(fact) {
			return false
		}
	}
	return true
}

func undeferred(def string) string {
	return strings.Replace(strings.Replace(def, initiallyDeferred, "", 1), deferrable, "", 1)
}

// facts are the lines of a definition with their continuations.
func facts(def string) map[string]bool {
	set := make(map[string]bool)
	fact := ""
	for line := range strings.Lines(def) {
		if fact != "" && !strings.HasPrefix(line, " ") {
			set[strings.TrimRight(fact, "\n")] = true
			fact = ""
		}
		fact += line
	}
	if fact != "" {
		set[strings.TrimRight(fact, "\n")] = true
	}
	return set
}

func isPrivilege(fact string) bool { return strings.HasPrefix(fact, "privileges") }
func isComment(fact string) bool   { return strings.HasPrefix(fact, "comment") }
