//go:build unix

package pgserver

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// lockPoll is how often a blocked lock is tried again. flock cannot be interrupted by a context, so it is polled.
const lockPoll = 10 * time.Millisecond

// fileLock is a flock on an open file. The kernel releases it when the process ends; children do not inherit it, since Go
// opens every file close-on-exec.
type fileLock struct{ f *os.File }

// tryLock locks path, which exists, without waiting. It returns nil and no error when another open file holds a conflicting
// lock, and when the file was removed in between, since a lock on a removed file guards nothing.
func tryLock(path string, exclusive bool) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_SH
	if exclusive {
		how = syscall.LOCK_EX
	}
	if err := flock(f, how|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, nil
		}
		return nil, &os.PathError{Op: "flock", Path: path, Err: err}
	}
	if !stillNamed(f, path) {
		_ = f.Close()
		return nil, nil
	}
	return &fileLock{f: f}, nil
}

// lock makes path if it is not there and locks it, exclusively or not, waiting for as long as ctx allows.
func lock(ctx context.Context, path string, exclusive bool) (*fileLock, error) {
	for {
		if err := touch(path); err != nil {
			return nil, err
		}
		l, err := tryLock(path, exclusive)
		if l != nil || err != nil {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, &os.PathError{Op: "wait for the lock on", Path: path, Err: context.Cause(ctx)}
		case <-time.After(lockPoll):
		}
	}
}

func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// upgrade makes a shared lock exclusive and reports whether it could, which means that nobody else has a share. It works on
// the open file, so it works after the name was removed too. If it cannot, the share is given up.
func (l *fileLock) upgrade() (bool, error) {
	err := flock(l.f, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return true, nil
	}
	l.release()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return false, &os.PathError{Op: "flock", Path: l.f.Name(), Err: err}
}

func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func stillNamed(f *os.File, path string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(held, named)
}

// release is safe on nil and twice.
func (l *fileLock) release() {
	if l != nil {
		_ = l.f.Close()
	}
}
