package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint"
)

// choose says what is looked at.
func (l *linter) choose(args []string) (*gitChanges, error) {
	if len(args) > 0 {
		return nil, l.chooseFile(args[0])
	}
	if l.dir == nil {
		return nil, nil
	}
	files := l.dir.Ordered()
	switch {
	case l.settings.GitBase != "":
		return l.chooseSince(files)
	case l.settings.Latest > 0:
		files = files[max(0, len(files)-l.settings.Latest):]
	}
	for _, f := range files {
		l.chosen = append(l.chosen, f.Version)
	}
	return nil, nil
}

// chooseFile is for one file of the directory, or another text.
func (l *linter) chooseFile(path string) error {
	if path == "-" {
		text, err := io.ReadAll(l.in)
		l.extra = &lint.Source{Name: stdin, Text: string(text), Chosen: true}
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if l.dir != nil {
		inside, err := sameFolder(filepath.Dir(path), l.app.dir)
		if err != nil {
			return err
		}
		for _, f := range l.dir.Files() {
			if inside && f.UpFile() == filepath.Base(path) {
				l.chosen = []string{f.Version}
				return nil
			}
			if inside && f.HasDown && f.DownFile() == filepath.Base(path) {
				return fmt.Errorf("%s is a down file: lint looks at up files; plinth test proves the down", path)
			}
		}
	}
	l.extra = &lint.Source{Name: path, Text: string(text), Chosen: true}
	return nil
}

func sameFolder(a, b string) (bool, error) {
	infoA, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	infoB, err := os.Stat(b)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return os.SameFile(infoA, infoB), nil
}

// chooseSince chooses what the base does not have.
func (l *linter) chooseSince(files []*migrate.File) (*gitChanges, error) {
	changes, err := changesSince(l.app.dir, l.settings.GitDir, l.settings.GitBase)
	if err != nil {
		return nil, err
	}
	l.oneRun = true
	for _, f := range files {
		if slices.Contains(changes.New, f.UpFile()) {
			l.chosen = append(l.chosen, f.Version)
		}
	}
	return changes, nil
}
