//go:build !linux

package pgserver

import "os"

// serverParent is where the directories of local servers go.
func serverParent() string { return os.TempDir() }
