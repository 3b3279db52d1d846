//go:build !unix

package main

import (
	"io/fs"
	"os"
)

func diskFS(dir string) fs.FS { return os.DirFS(dir) }
