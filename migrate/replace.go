package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Replace writes migrations by the names of their files, in the place of files of that name or beside the others, and the sum files.
// planned is the directory as it was read by who made the files; if it is another one now, nothing is written, and neither if it does
// not fit its sum files.
//
// All of it is written beside the directory's files first and then put in their place. If anything fails, or if the directory would not
// be one in order, the old files and sums are put back. A process that is killed between two files leaves sums that do not fit, so that
// no command runs what is there.
func Replace(dir string, planned *Dir, files map[string]string) error {
	for name := range files {
		if _, _, _, ok := cutName(name); !ok || filepath.Base(name) != name {
			return &DirError{File: name, Reason: "the name is not <version>_<name>.up.sql or <version>_<name>.down.sql, where version is a number"}
		}
	}
	unlock, err := lockDir(dir)
	if err != nil {
		return err
	}
	defer unlock()
	existing, err := ReadDir(os.DirFS(dir))
	if err != nil {
		return err
	}
	if err := existing.Validate(); err != nil {
		return err
	}
	if !existing.same(planned) {
		return &DirError{Reason: "the directory was changed while this was tried; run it again"}
	}
	sums, err := sumTexts(dir, files)
	if err != nil {
		return err
	}
	return swapFiles(dir, func(s *swap) error {
		for _, isNew := range []bool{true, false} { // the new ones first, so that nothing is gone where it stops between
			for _, name := range slices.Sorted(maps.Keys(files)) {
				_, err := os.Lstat(filepath.Join(dir, name))
				if errors.Is(err, fs.ErrNotExist) != isNew {
					continue
				}
				if err := s.stage(name, []byte(files[name])); err != nil {
					return err
				}
			}
		}
		return s.stageSums(sums)
	}, func() error {
		now, err := ReadDir(os.DirFS(dir))
		if err != nil {
			return err
		}
		return now.Validate()
	})
}

// swap puts several files in the place of others, all or none.
type swap struct {
	dir   string
	files []stagedFile
}

// stagedFile waits in a file beside it. The one that is there has a copy, so that it comes back even on a full disk.
type stagedFile struct {
	path, content string
	old           string // "" if there is none
	done          bool
}

// swapFiles puts what stage has staged in its place; check, unless it is nil, looks at the outcome. Without an error from any of them it
// stays, else all is as before.
func swapFiles(dir string, stage func(*swap) error, check func() error) (err error) {
	s := &swap{dir: dir}
	defer s.clean()
	if err := stage(s); err != nil {
		return fmt.Errorf("migrate: write file: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.undo())
		}
	}()
	for i := range s.files {
		f := &s.files[i]
		if err := os.Rename(f.content, f.path); err != nil {
			return fmt.Errorf("migrate: write file: %w", err)
		}
		f.done = true
	}
	if check == nil {
		return nil
	}
	return check()
}

func (s *swap) stage(name string, content []byte) error {
	f := stagedFile{path: filepath.Join(s.dir, name)}
	mode := fs.FileMode(0o644)
	before, err := os.ReadFile(f.path)
	switch {
	case err == nil:
		info, err := os.Stat(f.path)
		if err != nil {
			return err
		}
		mode = info.Mode().Perm()
		if f.old, err = s.beside(before, mode); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	f.content, err = s.beside(content, mode)
	s.files = append(s.files, f) // also a half of it, to be cleaned up
	return err
}

func (s *swap) stageSums(sums map[string][]byte) error {
	for _, name := range []string{upSumFile, downSumFile} {
		if err := s.stage(name, sums[name]); err != nil {
			return err
		}
	}
	return nil
}

// beside writes a whole file under a name that no directory of migrations is read for.
func (s *swap) beside(content []byte, mode fs.FileMode) (path string, err error) {
	tmp, err := os.CreateTemp(s.dir, ".plinth-*")
	if err != nil {
		return "", err
	}
	_, err = tmp.Write(content)
	if err := errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(tmp.Name()))
	}
	return tmp.Name(), nil
}

// undo brings back what was there, the last one first.
func (s *swap) undo() (err error) {
	for _, f := range slices.Backward(s.files) {
		switch {
		case !f.done:
		case f.old == "":
			err = errors.Join(err, os.Remove(f.path))
		default:
			err = errors.Join(err, os.Rename(f.old, f.path))
		}
	}
	return err
}

func (s *swap) clean() {
	for _, f := range s.files {
		_, _ = os.Remove(f.content), os.Remove(f.old) // those that were put somewhere are gone already
	}
}
