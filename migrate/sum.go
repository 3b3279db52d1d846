package migrate

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	atlas "ariga.io/atlas/sql/migrate"
)

// The sum files. Atlas's covers the up files, as the Atlas command of v0.33 and later computes it; nobody else
// protects the down files.
const (
	upSumFile   = "atlas.sum"
	downSumFile = "down.sum"
)

type sumEntry struct {
	name    string
	content string
}

// sumOf computes a sum file's content over entries, which are sorted by name: a running hash over names and contents. Files with
// Atlas's directive are left to Atlas, whose way of looking for it takes longer than the hash.
func sumOf(entries []sumEntry) (atlas.HashFile, error) {
	if !slices.ContainsFunc(entries, func(e sumEntry) bool { return strings.Contains(e.content, "atlas:sum") }) {
		return runningSum(entries), nil
	}
	files := make([]atlas.File, len(entries))
	for i, e := range entries {
		files[i] = atlas.NewLocalFile(e.name, []byte(e.content))
	}
	return atlas.NewHashFile(files)
}

func runningSum(entries []sumEntry) atlas.HashFile {
	sum, h := make(atlas.HashFile, len(entries)), sha256.New()
	for i, e := range entries {
		_, _ = io.WriteString(h, e.name) // a hash never fails
		_, _ = io.WriteString(h, e.content)
		sum[i].N, sum[i].H = e.name, base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	return sum
}

// fileHash is what a revision row keeps of an up file: its hash by itself. (Atlas keeps the file's line of atlas.sum,
// which changes with every file before it.)
func fileHash(f *File) (string, error) {
	sum, err := sumOf([]sumEntry{{f.UpFile(), f.Up}})
	if err != nil || len(sum) == 0 { // atlas:sum ignore
		return "", err
	}
	return sum[0].H, nil
}

// sumLines returns the hash of each file's line in a sum file over entries.
func sumLines(entries []sumEntry) (map[string]string, error) {
	sum, err := sumOf(entries)
	if err != nil {
		return nil, err
	}
	lines := make(map[string]string, len(sum))
	for _, line := range sum {
		lines[line.N] = line.H
	}
	return lines, nil
}

// checkSums compares both sum files with the files. The first error is a *ChecksumError; the second says that
// something could not be read.
func checkSums(fsys fs.FS, ups, downs []sumEntry) (mismatch, err error) {
	var changes []SumChange
	for _, side := range []struct {
		name    string
		entries []sumEntry
	}{{upSumFile, ups}, {downSumFile, downs}} {
		found, err := compareSum(fsys, side.name, side.entries, len(ups) > 0)
		if err != nil {
			return nil, err
		}
		changes = append(changes, found...)
	}
	if changes == nil {
		return nil, nil
	}
	return &ChecksumError{Changes: changes}, nil
}

func compareSum(fsys fs.FS, name string, entries []sumEntry, needed bool) ([]SumChange, error) {
	want, err := sumOf(entries)
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		if !needed {
			return nil, nil
		}
		return []SumChange{{SumFile: name, Reason: "is missing"}}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("migrate: read sum file: %w", err)
	}
	if len(data) == 0 && len(entries) == 0 {
		return nil, nil
	}
	var have atlas.HashFile
	if err := have.UnmarshalText(data); err != nil {
		if hasConflict(data) {
			return []SumChange{{SumFile: name, Reason: "holds a merge conflict; plinth merge joins two branches and writes it anew, plinth hash once the files are as they should be"}}, nil
		}
		if !errors.Is(err, atlas.ErrChecksumMismatch) || len(have) == 0 && len(entries) > 0 {
			return []SumChange{{SumFile: name, Reason: "is damaged: it is not in the format of a sum file"}}, nil
		}
		if sumsDiffer(have, want) == nil {
			return []SumChange{{SumFile: name, Reason: "was edited: its first line does not fit the others"}}, nil
		}
	}
	changes := sumsDiffer(have, want)
	if canonical, err := want.MarshalText(); changes == nil && (err != nil || !bytes.Equal(withoutBlanks(data), withoutBlanks(canonical))) {
		return []SumChange{{SumFile: name, Reason: "is damaged: it is not in the format of a sum file"}}, nil // which Atlas's reader takes
	}
	return inFile(name, changes), nil
}

func withoutBlanks(text []byte) []byte { return bytes.Join(bytes.Fields(text), nil) }

func inFile(name string, changes []SumChange) []SumChange {
	for i := range changes {
		changes[i].SumFile = name
	}
	return changes
}

// sumsDiffer names what changed. A line's hash covers all lines before it, so only the first edit can be told; what
// follows an added or removed file is not called edited.
func sumsDiffer(have, want atlas.HashFile) (changes []SumChange) {
	known := map[string]string{}
	for _, h := range have {
		known[h.N] = h.H
	}
	present := map[string]bool{}
	for _, w := range want {
		present[w.N] = true
	}
	structural := false
	for _, h := range have {
		if !present[h.N] {
			changes, structural = append(changes, SumChange{File: h.N, Reason: "removed"}), true
		}
	}
	edited := false
	for _, w := range want {
		switch hash, ok := known[w.N]; {
		case !ok:
			changes, structural = append(changes, SumChange{File: w.N, Reason: "added"}), true
		case hash != w.H && !structural && !edited:
			changes, edited = append(changes, SumChange{File: w.N, Reason: "edited"}), true
		}
	}
	return changes
}
