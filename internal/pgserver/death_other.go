//go:build unix && !linux

package pgserver

import "syscall"

// dieWithParent has no counterpart outside Linux; the next start removes a server whose process was killed.
func dieWithParent(*syscall.SysProcAttr) {}
