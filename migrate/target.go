package migrate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Targets, beside versions, unique prefixes of versions, and +N and -N.
const (
	Head = "head" // everything
	Base = "base" // nothing
)

// upTargets returns what has to run so that target is reached, parents first.
func (s *state) upTargets(target string) ([]*File, error) {
	pending := s.pending()
	switch {
	case target == "" || target == Head:
		if _, err := s.dir.Head(); err != nil {
			return nil, err
		}
		return pending, nil
	case strings.HasPrefix(target, "+"):
		n, err := strconv.Atoi(target[1:])
		if err != nil || n < 1 {
			return nil, &TargetError{Target: target, Reason: "write +1, +2, ..."}
		}
		if _, err := s.dir.Head(); err != nil {
			return nil, err
		}
		if n > len(pending) {
			return nil, &TargetError{Target: target, Reason: fmt.Sprintf("only %d migration(s) are pending", len(pending))}
		}
		return pending[:n], nil
	case target == Base || strings.HasPrefix(target, "-"):
		return nil, &TargetError{Target: target, Reason: "is a target of down"}
	}
	version, err := s.dir.resolve(target)
	if err != nil {
		return nil, err
	}
	wanted := s.dir.graph.ancestors(version)
	for _, r := range s.applied {
		if !wanted[versionKey(r.Version)] && s.dir.graph.ancestors(r.Version)[versionKey(version)] {
			return nil, &TargetError{Target: target, Reason: fmt.Sprintf("is behind the database, which has %s; use plinth down %s", r.Version, version)}
		}
	}
	return slices.DeleteFunc(pending, func(f *File) bool { return !wanted[versionKey(f.Version)] }), nil
}

// downTargets returns what has to be reverted so that target is reached, newest first in the order applied. A version
// as target stays.
func (s *state) downTargets(target string) ([]*Revision, error) {
	newest := s.newest()
	switch {
	case target == Base:
		return newest, nil
	case target == "" || strings.HasPrefix(target, "-"):
		n := 1
		if target != "" {
			var err error
			if n, err = strconv.Atoi(target[1:]); err != nil || n < 1 {
				return nil, &TargetError{Target: target, Reason: "write -1, -2, ..."}
			}
		}
		if n > len(newest) {
			return nil, &TargetError{Target: "-" + strconv.Itoa(n), Reason: fmt.Sprintf("only %d migration(s) are applied; base reverts them all", len(newest))}
		}
		return newest[:n], nil
	case target == Head || strings.HasPrefix(target, "+"):
		return nil, &TargetError{Target: target, Reason: "is a target of up"}
	}
	version, err := s.dir.resolve(target)
	if err != nil {
		return nil, err
	}
	if !s.isApplied(version) {
		return nil, &TargetError{Target: target, Reason: "is not applied", Nearest: s.nearestApplied(version)}
	}
	stays := s.dir.graph.ancestors(version)
	return slices.DeleteFunc(newest, func(r *Revision) bool { return stays[versionKey(r.Version)] }), nil
}

// resolve finds the version that target names, in full or by a unique prefix.
func (d *Dir) resolve(target string) (string, error) {
	var matches []string
	for _, f := range d.files {
		if f.Version == target {
			return target, nil
		}
		if strings.HasPrefix(f.Version, target) {
			matches = append(matches, f.Version)
		}
	}
	if f := d.Find(target); f != nil && isNumber(target) {
		return f.Version, nil
	}
	switch {
	case target != "" && len(matches) == 1:
		return matches[0], nil
	case len(matches) > 1:
		return "", &TargetError{Target: target, Reason: fmt.Sprintf("is the beginning of %d versions", len(matches)), Nearest: firstFew(matches)}
	case len(d.files) == 0:
		return "", &TargetError{Target: target, Reason: "there is no such version: the directory is empty"}
	}
	return "", &TargetError{Target: target, Reason: "there is no such version", Nearest: d.nearest(target)}
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// nearest returns up to three versions: for a number its neighbours, else the last ones.
func (d *Dir) nearest(target string) []string {
	var versions []string
	for _, f := range d.files {
		versions = append(versions, f.Version)
	}
	at := len(versions)
	if isNumber(target) {
		padded := target + strings.Repeat("0", max(0, len(versions[0])-len(target)))
		at, _ = slices.BinarySearchFunc(versions, padded, compareVersions)
	}
	from := min(max(0, at-2), max(0, len(versions)-3))
	return firstFew(versions[from:])
}

func (s *state) nearestApplied(version string) []string {
	var versions []string
	for _, r := range s.newest() {
		if compareVersions(r.Version, version) < 0 {
			versions = append(versions, r.Version)
		}
	}
	return firstFew(versions)
}

func firstFew(list []string) []string { return list[:min(3, len(list))] }
