package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	atlas "ariga.io/atlas/sql/migrate"
)

// ValidateMerged is [Dir.Validate] for a directory that git has just merged: a sum file may hold conflict markers if each side
// of the conflict is the sum file of a part of the files, as they are, and both together cover them all.
func (d *Dir) ValidateMerged() error {
	return errors.Join(d.mergedErr(), d.orphan, d.graph.fault)
}

func checkMergedSums(fsys fs.FS, ups, downs []sumEntry) error {
	var changes []SumChange
	for _, side := range []struct {
		name    string
		entries []sumEntry
	}{{upSumFile, ups}, {downSumFile, downs}} {
		data, err := fs.ReadFile(fsys, side.name)
		var found []SumChange
		if err == nil && hasConflict(data) {
			found, err = compareSides(side.name, data, side.entries)
		} else {
			found, err = compareSum(fsys, side.name, side.entries, len(ups) > 0)
		}
		if err != nil {
			return err
		}
		changes = append(changes, found...)
	}
	if changes == nil {
		return nil
	}
	return &ChecksumError{Changes: changes}
}

func hasConflict(data []byte) bool {
	return bytes.HasPrefix(data, []byte("<<<<<<<")) || bytes.Contains(data, []byte("\n<<<<<<<"))
}

// compareSides checks each side of a conflict as if it were the sum file.
func compareSides(name string, data []byte, entries []sumEntry) ([]SumChange, error) {
	ours, theirs, ok := splitConflict(string(data))
	if !ok {
		return []SumChange{{SumFile: name, Reason: "holds conflict markers that do not belong together; check the files, then run plinth hash"}}, nil
	}
	covered := map[string]bool{}
	for i, side := range []string{ours, theirs} {
		label := [...]string{"first", "second"}[i]
		var have atlas.HashFile
		if err := have.UnmarshalText([]byte(side)); err != nil && !errors.Is(err, atlas.ErrChecksumMismatch) {
			return []SumChange{{SumFile: name, Reason: fmt.Sprintf("holds a merge conflict whose %s side is damaged; check the files, then run plinth hash", label)}}, nil
		}
		named := map[string]bool{}
		for _, line := range have {
			named[line.N], covered[line.N] = true, true
		}
		var part []sumEntry
		for _, e := range entries {
			if named[e.name] {
				part = append(part, e)
			}
		}
		want, err := sumOf(part)
		if err != nil {
			return nil, err
		}
		if changes := sumsDiffer(have, want); changes != nil {
			return inFile(name+", "+label+" side of its merge conflict", changes), nil
		}
		if text, err := want.MarshalText(); err != nil || !bytes.Equal(withoutBlanks(text), withoutBlanks([]byte(side))) {
			return []SumChange{{SumFile: name, Reason: fmt.Sprintf("holds a merge conflict whose %s side does not fit its first line; check the files, then run plinth hash", label)}}, nil
		}
	}
	all, err := sumOf(entries)
	if err != nil {
		return nil, err
	}
	var changes []SumChange
	for _, line := range all {
		if !covered[line.N] {
			changes = append(changes, SumChange{SumFile: name + ", both sides of its merge conflict", File: line.N, Reason: "added"})
		}
	}
	return changes, nil
}

// splitConflict returns the file as each side of the merge had it, whatever the conflict style.
func splitConflict(text string) (ours, theirs string, ok bool) {
	const (
		both = iota
		inOurs
		inBase
		inTheirs
	)
	var a, b strings.Builder
	at := both
	for line := range strings.Lines(text) {
		next := -1
		switch {
		case isMarker(line, "<<<<<<<"):
			next, ok = inOurs, at == both
		case isMarker(line, "|||||||"):
			next, ok = inBase, at == inOurs
		case isMarker(line, "======="):
			next, ok = inTheirs, at == inOurs || at == inBase
		case isMarker(line, ">>>>>>>"):
			next, ok = both, at == inTheirs
		}
		if next >= 0 {
			if !ok {
				return "", "", false
			}
			at = next
			continue
		}
		if at == both || at == inOurs {
			a.WriteString(line)
		}
		if at == both || at == inTheirs {
			b.WriteString(line)
		}
	}
	return a.String(), b.String(), at == both
}

func isMarker(line, marker string) bool {
	rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), marker)
	return ok && (rest == "" || rest[0] == ' ')
}
