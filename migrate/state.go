package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// State sums up how a database stands to the directory; the first that holds, in this order.
type State string

// The states.
const (
	StatePartial  State = "partial"  // a file without a transaction stopped midway
	StateDiverged State = "diverged" // a version is applied that has no file, or whose file is another
	StatePending  State = "pending"  // there are files to apply
	StateClean    State = "clean"
)

// state is the record of the database beside the directory.
type state struct {
	dir     *Dir
	applied []*Revision          // in the order applied
	byKey   map[string]*Revision // by versionKey
	foreign []string             // applied without a file
	changed []string             // applied from a file with another hash
	partial *Revision            // the one that stopped midway, if any
}

// Status is how a database stands to the directory.
type Status struct {
	State        State
	Current      string      // the last applied version by lineage; "" when nothing is applied
	HeadsApplied []string    // applied versions that no applied one follows
	Heads        []string    // of the directory
	Applied      []*Revision // in the order applied
	Pending      []*File     // in the order in which up would run them
	Partial      *Revision   // nil unless State is StatePartial
	Diverged     []string    // what is wrong, one a version
	SumError     error       // a *ChecksumError if the directory does not fit its sum files
}

// Status reads the database's record and changes nothing. It reports a directory that does not fit its sum files, or has
// several heads, and goes on.
func (m *Migrator) Status(ctx context.Context) (*Status, error) {
	s, err := m.readState(ctx, m.db)
	if err != nil {
		return nil, err
	}
	return m.statusOf(s), nil
}

func (m *Migrator) statusOf(s *state) *Status {
	st := &Status{
		State: StateClean, Heads: m.dir.Heads(), Applied: s.applied, Pending: s.pending(), Partial: s.partial,
		HeadsApplied: s.heads(), Current: s.current(), SumError: m.dir.Validate(),
	}
	for _, v := range s.foreign {
		st.Diverged = append(st.Diverged, v+" is applied but has no file")
	}
	for _, v := range s.changed {
		st.Diverged = append(st.Diverged, v+" was edited after it was applied")
	}
	switch {
	case s.partial != nil:
		st.State = StatePartial
	case len(st.Diverged) > 0:
		st.State = StateDiverged
	case len(st.Pending) > 0:
		st.State = StatePending
	}
	return st
}

// Migration is one line of the history.
type Migration struct {
	File     *File     // nil for a version that is applied but has no file
	Revision *Revision // nil for one that is not applied
}

// History returns every file by lineage, with its row if it is applied, and after them what is applied without a file.
func (m *Migrator) History(ctx context.Context) ([]Migration, error) {
	s, err := m.readState(ctx, m.db)
	if err != nil {
		return nil, err
	}
	var list []Migration
	for _, f := range m.dir.graph.order {
		list = append(list, Migration{File: f, Revision: s.byKey[versionKey(f.Version)]})
	}
	for _, r := range s.applied {
		if m.dir.Find(r.Version) == nil {
			list = append(list, Migration{Revision: r})
		}
	}
	return list, nil
}

func (m *Migrator) readState(ctx context.Context, q querier) (*state, error) {
	s := &state{dir: m.dir, byKey: map[string]*Revision{}}
	exists, err := m.revisions.exists(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("migrate: look for the revision table: %w", err)
	}
	if !exists {
		return s, nil
	}
	if s.applied, err = m.revisions.read(ctx, q); err != nil {
		return nil, fmt.Errorf("migrate: read the revision table: %w", err)
	}
	for _, r := range s.applied {
		s.byKey[versionKey(r.Version)] = r
		if r.Partial() {
			s.partial = r
		}
		f := m.dir.Find(r.Version)
		if f == nil {
			s.foreign = append(s.foreign, r.Version)
			continue
		}
		same, err := m.dir.hasHash(f, r.Hash)
		if err != nil {
			return nil, err
		}
		if !same {
			s.changed = append(s.changed, r.Version)
		}
	}
	return s, nil
}

// hasHash reports whether a row's hash is of f as it is now: by itself, as we store it, or as a line of atlas.sum, as
// the Atlas command does.
func (d *Dir) hasHash(f *File, hash string) (bool, error) {
	own, err := fileHash(f)
	if err != nil || own == hash {
		return own == hash, err
	}
	lines, err := d.lines()
	return lines[f.UpFile()] == hash, err
}

// isApplied reports whether a version has a row, be it of a file that stopped midway.
func (s *state) isApplied(version string) bool { return s.byKey[versionKey(version)] != nil }

// isComplete reports whether a version was applied to its end.
func (s *state) isComplete(version string) bool {
	r := s.byKey[versionKey(version)]
	return r != nil && !r.Partial()
}

// pending returns what is not applied, parents first.
func (s *state) pending() (list []*File) {
	for _, f := range s.dir.graph.order {
		if !s.isApplied(f.Version) {
			list = append(list, f)
		}
	}
	return list
}

// heads returns the applied versions that no applied version follows.
func (s *state) heads() []string {
	followed := map[string]bool{}
	for _, f := range s.dir.files {
		if s.isComplete(f.Version) {
			for _, p := range f.Parents {
				followed[versionKey(p)] = true
			}
		}
	}
	heads := []string{}
	for _, f := range s.dir.graph.order {
		if s.isComplete(f.Version) && !followed[versionKey(f.Version)] {
			heads = append(heads, f.Version)
		}
	}
	return heads
}

// current is the last applied version by lineage.
func (s *state) current() string {
	order := s.dir.graph.order
	for i := len(order) - 1; i >= 0; i-- {
		if s.isComplete(order[i].Version) {
			return order[i].Version
		}
	}
	return ""
}

// fit refuses a run on a database whose record does not belong to this directory. A partly applied version is the
// runner's business.
func (s *state) fit() error {
	if len(s.foreign) > 0 {
		return &StateError{State: StateDiverged, Versions: s.foreign, Reason: strings.Join(s.foreign, ", ") +
			" applied, but there is no file for it here: this directory is older than the database or another one; get the missing file"}
	}
	changed := s.changed
	if s.partial != nil { // its rest may have been mended
		changed = without(changed, s.partial.Version)
	}
	if len(changed) > 0 {
		return &StateError{State: StateDiverged, Versions: changed, Reason: strings.Join(changed, ", ") +
			" edited after being applied: restore the file (git) and add a new migration for the change"}
	}
	if f, below := s.missingBelow(); f != nil {
		return &StateError{State: StateDiverged, Versions: []string{f.Version}, Reason: fmt.Sprintf(
			"%s comes before %s, which is applied, but is not applied itself: it was added later; "+
				"give it a later version (rename the file, then plinth hash)", f.UpFile(), below)}
	}
	return nil
}

// missingBelow finds a file that is not applied although one that follows it is: it would never have run before what was built on
// it.
func (s *state) missingBelow() (missing *File, below string) {
	pending := s.pending()
	if len(pending) == 0 {
		return nil, ""
	}
	known := map[string]bool{} // what applied versions follow
	for _, f := range slices.Backward(s.dir.graph.order) {
		key := versionKey(f.Version)
		if !known[key] && !s.isApplied(f.Version) {
			continue
		}
		for _, p := range f.Parents {
			known[versionKey(p)] = true
		}
	}
	for _, f := range pending {
		if !known[versionKey(f.Version)] {
			continue
		}
		for _, r := range s.applied {
			if s.dir.graph.ancestors(r.Version)[versionKey(f.Version)] {
				return f, r.Version
			}
		}
	}
	return nil, ""
}

func without(versions []string, version string) []string {
	return slices.DeleteFunc(slices.Clone(versions), func(v string) bool { return v == version })
}

// newest returns the applied revisions, newest first in the order applied, but never a parent before its children,
// whatever the clock said when they were applied.
func (s *state) newest() []*Revision {
	var list []*Revision
	for left := slices.Clone(s.applied); len(left) > 0; {
		at := len(left) - 1
		for s.hasChildAmong(left, left[at]) { // ends: the lineage has no circles
			at--
		}
		list = append(list, left[at])
		left = slices.Delete(left, at, at+1)
	}
	return list
}

func (s *state) hasChildAmong(list []*Revision, parent *Revision) bool {
	return slices.ContainsFunc(list, func(r *Revision) bool {
		f := s.dir.Find(r.Version)
		return f != nil && slices.ContainsFunc(f.Parents, func(p string) bool { return versionKey(p) == versionKey(parent.Version) })
	})
}
