//go:build unix

package pgconn

import (
	"io/fs"
	"syscall"
)

// exposed applies libpq's rule for private keys (fe-secure-openssl.c, initialize_SSL): nothing for group and others, except
// that the group may read what belongs to root.
func exposed(info fs.FileInfo) bool {
	sys, ok := info.Sys().(*syscall.Stat_t)
	if ok && sys.Uid == 0 {
		return info.Mode().Perm()&0o037 != 0
	}
	return info.Mode().Perm()&0o077 != 0
}
