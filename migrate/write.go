package migrate

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// NewFile is a migration that is to be written.
type NewFile struct {
	Name     string // letters, digits, _ and -
	Up, Down string
}

// LongestName is how many characters [CheckName] allows.
const LongestName = 100

// namePattern is stricter than what [ReadDir] accepts: what we write has to be safe in every shell and file system.
// It is compiled when it is needed: that takes a millisecond of each start otherwise.
var namePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(fmt.Sprintf(`^[A-Za-z0-9][A-Za-z0-9_-]{0,%d}$`, LongestName-1))
})

// CheckName refuses a migration name that could not be written as a file name.
func CheckName(name string) error {
	if !namePattern().MatchString(name) {
		return &DirError{Reason: fmt.Sprintf("name %q: use up to 100 letters, digits, _ and -, without blanks or a path, such as add_users", name)}
	}
	return nil
}

// Hash writes both sum files for the directory as it is, creating them if need be. It refuses a directory that
// [ReadDir] refuses.
func Hash(dir string) error {
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	d, err := ReadDir(os.DirFS(dir))
	if err != nil {
		return err
	}
	if fault := cmp.Or(d.orphan, d.graph.fault); fault != nil {
		return fault
	}
	return writeSums(dir)
}

// Add writes files at the end of the lineage, the directory being created if it is not there, and then the sum
// files. Versions are the time now as YYYYMMDDhhmmss (UTC), or one second after the last version if that is later.
// It returns what was written. If anything fails, the files written so far are removed again.
//
// It refuses several heads and a directory that does not fit its sum files.
func Add(dir string, now time.Time, files ...NewFile) ([]*File, error) {
	return add(dir, now, nil, files)
}

// AddAfter is Add for files that were planned when head was the directory's head, "" for none. If it has another one now,
// somebody has added a migration since, and nothing is written.
func AddAfter(dir string, now time.Time, head string, files ...NewFile) ([]*File, error) {
	return add(dir, now, &head, files)
}

func add(dir string, now time.Time, head *string, files []NewFile) ([]*File, error) {
	for _, f := range files {
		if err := CheckName(f.Name); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	existing, err := ReadDir(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if err := existing.Validate(); err != nil {
		return nil, err
	}
	parent, err := existing.Head()
	if err != nil {
		return nil, err
	}
	if head != nil && *head != parent {
		return nil, &DirError{Reason: fmt.Sprintf("%s was added while this was planned; plan again", parent)}
	}
	return existing.write(dir, now, parent, files)
}

// Join writes an empty migration that follows heads, two or more heads of the directory, and then the sum files, also where they hold
// git's conflict markers: see [Dir.ValidateMerged]. proven is the directory as it was read by who made sure that the branches commute;
// if it is another one now, nothing is written.
func Join(dir string, now time.Time, name string, proven *Dir, heads ...string) (*File, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	existing, err := ReadDir(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	if err := existing.ValidateMerged(); err != nil {
		return nil, err
	}
	if !existing.same(proven) {
		return nil, &DirError{Reason: "the directory was changed while the merge was tried; run it again"}
	}
	for i, head := range heads {
		if !slices.Contains(existing.graph.heads, head) || slices.Contains(heads[:i], head) {
			return nil, &DirError{Reason: fmt.Sprintf("%s is no head of its own; the heads are %s", head, strings.Join(existing.graph.heads, ", "))}
		}
	}
	if len(heads) < 2 {
		return nil, &DirError{Reason: "a merge needs two heads"}
	}
	list := strings.Join(heads, " and ")
	written, err := existing.write(dir, now, strings.Join(heads, " "), []NewFile{{
		Name: name,
		Up:   "-- Joins the branches that end at " + list + ": each order of them gives the same database. Changes nothing.\n",
		Down: "-- Separates the branches that end at " + list + " again. Changes nothing.\n",
	}})
	if err != nil {
		return nil, err
	}
	return written[0], nil
}

// same tells whether both directories hold the same files.
func (d *Dir) same(other *Dir) bool {
	return slices.EqualFunc(d.files, other.files, func(a, b *File) bool {
		return a.UpFile() == b.UpFile() && a.Up == b.Up && a.Down == b.Down && a.HasDown == b.HasDown
	})
}

// write writes files that follow parent and one another. The caller holds the lock. If anything fails, what was written is removed again.
func (d *Dir) write(dir string, now time.Time, parent string, files []NewFile) (written []*File, err error) {
	last := ""
	if n := len(d.files); n > 0 {
		last = d.files[n-1].Version
	}
	var created []string
	defer func() {
		if err != nil {
			for _, path := range created {
				err = errors.Join(err, os.Remove(path))
			}
			written = nil
		}
	}()
	for _, n := range files {
		version := nextVersion(last, now)
		f := &File{
			Version: version, Name: n.Name, HasDown: true,
			Up: fmt.Sprintf("-- %s\n%s", strings.TrimSpace(parentsDirective+" "+parent), n.Up), Down: n.Down,
		}
		f.Parents = strings.Fields(parent)
		written = append(written, f)
		for name, content := range map[string]string{f.UpFile(): f.Up, f.DownFile(): f.Down} {
			path := filepath.Join(dir, name)
			if err := writeNew(path, content, &created); err != nil {
				return nil, err
			}
		}
		parent, last = version, version
	}
	return written, writeSums(dir)
}

const versionLayout = "20060102150405"

func nextVersion(last string, now time.Time) string {
	version := now.UTC().Format(versionLayout)
	if last == "" || compareVersions(version, last) > 0 {
		return version
	}
	if t, err := time.Parse(versionLayout, last); err == nil {
		return t.Add(time.Second).Format(versionLayout)
	}
	return increment(last) // a foreign directory's counter
}

// increment adds one to a decimal number of any length.
func increment(number string) string {
	digits := []byte(number)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}

func writeNew(path, content string, created *[]string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("migrate: write file: %w", err)
	}
	*created = append(*created, path)
	_, err = f.WriteString(content)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("migrate: write file: %w", err)
	}
	return nil
}

// writeSums writes both sum files for the directory as it is, or leaves both as they were.
func writeSums(dir string) error {
	sums, err := sumTexts(dir, nil)
	if err != nil {
		return err
	}
	return swapFiles(dir, func(s *swap) error { return s.stageSums(sums) }, nil)
}

// sumTexts are the contents of the sum files for the directory with those files in it, by name.
func sumTexts(dir string, files map[string]string) (map[string][]byte, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("migrate: read directory: %w", err)
	}
	names := slices.Collect(maps.Keys(files))
	for _, entry := range entries {
		if _, replaced := files[entry.Name()]; !replaced && !entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names) // as sums are
	texts := map[string][]byte{}
	for _, side := range []struct{ sum, suffix string }{{upSumFile, ".up.sql"}, {downSumFile, ".down.sql"}} {
		var summed []sumEntry
		for _, name := range names {
			if !strings.HasSuffix(name, side.suffix) {
				continue
			}
			content, given := files[name]
			if !given {
				there, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					return nil, fmt.Errorf("migrate: read file: %w", err)
				}
				content = string(there)
			}
			summed = append(summed, sumEntry{name, content})
		}
		sum, err := sumOf(summed)
		if err != nil {
			return nil, err
		}
		if texts[side.sum], err = sum.MarshalText(); err != nil {
			return nil, err
		}
	}
	return texts, nil
}
