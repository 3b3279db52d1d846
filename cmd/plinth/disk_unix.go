//go:build unix

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// disk is os.DirFS for migration directories. It reads a small file with four system calls in place of nine: reading is a third of the time
// of a plinth up that has nothing to do in a directory of a thousand migrations.
type disk struct {
	fs.FS
	dir string
}

func diskFS(dir string) fs.FS { return disk{os.DirFS(dir), dir} }

// ReadDir implements [fs.ReadDirFS].
func (d disk) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(d.FS, name) }

// ReadFile implements [fs.ReadFileFS]. What is not a small file, and every error, is left to os.
func (d disk) ReadFile(name string) ([]byte, error) {
	var buffer [4096]byte
	if fs.ValidPath(name) {
		if n, ok := readSmall(filepath.Join(d.dir, filepath.FromSlash(name)), buffer[:]); ok {
			return bytes.Clone(buffer[:n]), nil
		}
	}
	return fs.ReadFile(d.FS, name)
}

// readSmall reads a file to its end; ok is false for one that does not leave room in buffer.
func readSmall(path string, buffer []byte) (n int, ok bool) {
	fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return 0, false
	}
	defer func() { _ = syscall.Close(fd) }() // nothing was written
	for n < len(buffer) {
		more, err := syscall.Read(fd, buffer[n:])
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return 0, false
		case more == 0:
			return n, true
		default:
			n += more
		}
	}
	return 0, false
}
