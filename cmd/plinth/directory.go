package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/remote"
)

// directoryToken is sent to the host of a remote directory.
const directoryToken = "PLINTH_DIR_TOKEN"

// directory opens the migration directory, once in the life of the command: from the disk, where it may be missing, or from an
// archive behind a URL. Where --dir-sum pins it, that has been checked, and nothing can change it afterwards.
func (a *app) directory(ctx context.Context) (fs.FS, error) {
	if a.fsys != nil {
		return a.fsys, nil
	}
	var want remote.Sum
	var err error
	if a.dirSum != "" {
		if want, err = remote.ParseSum(a.dirSum); err != nil {
			return nil, fmt.Errorf("--dir-sum: %w", err)
		}
	}
	fsys := diskFS(a.dir)
	if remote.Is(a.dir) {
		fsys, err = remote.Open(ctx, a.dir, remote.WithToken(os.Getenv(directoryToken)), remote.WithNotice(func(reason string, try int) {
			a.say("%s: %s; trying again", a.dirName(), reason)
		}))
		if err != nil {
			return nil, err
		}
	}
	switch {
	case a.dirSum != "":
		if fsys, err = remote.Pinned(fsys, want); err != nil {
			return nil, a.inDir(err)
		}
	case remote.Is(a.dir):
		a.adviseSum(fsys)
	}
	a.fsys = fsys
	return fsys, nil
}

// adviseSum warns, also with --quiet, of files that anybody can have put there.
func (a *app) adviseSum(fsys fs.FS) {
	sum, err := remote.SumOf(fsys)
	if err != nil {
		fmt.Fprintf(a.err, "warning: %s is not pinned, and cannot be: %v\n", a.dirName(), err)
		return
	}
	fmt.Fprintf(a.err, "warning: %s is not pinned; to run these files and no others, add --dir-sum %s\n", a.dirName(), sum)
}

// readDir reads the directory.
func (a *app) readDir(ctx context.Context) (*migrate.Dir, error) {
	fsys, err := a.directory(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := migrate.ReadDir(fsys)
	if err != nil {
		return nil, a.inDir(err)
	}
	return dir, nil
}

// readDirOrNone is readDir; nil means that there is none yet.
func (a *app) readDirOrNone(ctx context.Context) (*migrate.Dir, error) {
	dir, err := a.readDir(ctx)
	if errors.Is(err, migrate.ErrNoDir) {
		return nil, nil
	}
	return dir, err
}

// writableDir refuses a directory that a command cannot write to, and checks what --dir-sum says of it.
func (a *app) writableDir(ctx context.Context, command string) error {
	if remote.Is(a.dir) {
		return fmt.Errorf("%s writes files, and --dir %s is remote; run it where the files are, on a directory of the disk", command, a.dirName())
	}
	_, err := a.directory(ctx)
	return err
}

// pinsDown warns before a revert whose files the pin does not cover.
func (a *app) pinsDown() {
	if remote.Is(a.dir) && a.dirSum != "" && !strings.Contains(a.dirSum, ",") {
		fmt.Fprintf(a.err, "warning: --dir-sum pins the up files of %s only; to pin the down files too, add a comma and the first line of down.sum\n", a.dirName())
	}
}

// dirName is the directory in messages.
func (a *app) dirName() string {
	if remote.Is(a.dir) {
		return remote.Name(a.dir)
	}
	return a.dir
}

// inDir adds to an error of the migration directory which one it was: messages name files within it only.
func (a *app) inDir(err error) error { return fmt.Errorf("%w (--dir %s)", err, a.dirName()) }
