package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	atlas "ariga.io/atlas/sql/migrate"
	"golang.org/x/tools/txtar"
)

// Sum pins a directory: the first line of atlas.sum, which covers every up file, and, to pin the down files too, the first line of
// down.sum. It is written h1:... or h1:...,h1:...
type Sum struct {
	Up   string
	Down string // "" pins no down file
}

func (s Sum) String() string {
	if s.Down == "" {
		return s.Up
	}
	return s.Up + "," + s.Down
}

var firstLine = regexp.MustCompile(`^h1:[A-Za-z0-9+/]{43}=$`)

// ParseSum reads what [Sum.String] writes.
func ParseSum(text string) (Sum, error) {
	up, down, two := strings.Cut(strings.TrimSpace(text), ",")
	s := Sum{Up: strings.TrimSpace(up), Down: strings.TrimSpace(down)}
	if !firstLine.MatchString(s.Up) || two && !firstLine.MatchString(s.Down) {
		return Sum{}, fmt.Errorf("remote: %q is not a sum; write the first line of atlas.sum (h1: and 44 characters), or that, a comma and the first line of down.sum", text)
	}
	return s, nil
}

// SumOf is the sum that pins fsys as it is. The error is a *SumError if it has no sum file in order.
func SumOf(fsys fs.FS) (Sum, error) {
	up, err := readSum(fsys, upSumFile)
	if err != nil {
		return Sum{}, err
	}
	down, err := readSum(fsys, downSumFile)
	return Sum{Up: up.head, Down: down.head}, err
}

// Pinned reads fsys into memory, so that it cannot change any more, and returns that copy if it is what want says: both sum files
// begin so, and name every SQL file. (Atlas's directive "atlas:sum ignore" would let a file slip by otherwise.) That each file is
// what its sum file says is for migrate to check, as always. The error is a *SumError for a directory that is another.
func Pinned(fsys fs.FS, want Sum) (fs.FS, error) {
	fsys, err := snapshot(fsys)
	if err != nil {
		return nil, err
	}
	for _, side := range []struct{ file, want, suffix string }{{upSumFile, want.Up, ".up.sql"}, {downSumFile, want.Down, ".down.sql"}} {
		if side.want == "" {
			continue
		}
		have, err := readSum(fsys, side.file)
		if err != nil {
			return nil, err
		}
		if have.head != side.want {
			return nil, &SumError{File: side.file, Want: side.want, Have: have.head}
		}
		files, err := fs.Glob(fsys, "*"+side.suffix)
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			if !have.names[name] {
				return nil, &SumError{File: name, Reason: "is not in " + side.file + ", so that the pin does not cover it"}
			}
		}
	}
	return fsys, nil
}

// sumFile is a sum file whose first line fits the others.
type sumFile struct {
	head  string
	names map[string]bool
}

func readSum(fsys fs.FS, name string) (sumFile, error) {
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return sumFile{}, &SumError{File: name, Reason: "is missing; plinth hash writes it"}
	}
	if err != nil {
		return sumFile{}, fmt.Errorf("remote: read sum file: %w", err)
	}
	var lines atlas.HashFile
	head, _, _ := strings.Cut(string(data), "\n")
	s := sumFile{head: strings.TrimSpace(head), names: map[string]bool{}}
	if err := lines.UnmarshalText(data); err != nil || !firstLine.MatchString(s.head) {
		return sumFile{}, &SumError{File: name, Reason: "is damaged: its first line does not fit the others"}
	}
	for _, line := range lines {
		s.names[line.N] = true
	}
	return s, nil
}

// snapshot copies what a migration directory is made of. Sizes are not bounded: a directory on the disk is the user's own.
func snapshot(fsys fs.FS) (fs.FS, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, fmt.Errorf("remote: read directory: %w", err)
	}
	copied := &txtar.Archive{}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".sql" && name != upSumFile && name != downSumFile {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("remote: read file: %w", err)
		}
		copied.Files = append(copied.Files, txtar.File{Name: name, Data: data})
	}
	return txtar.FS(copied)
}
