//go:build unix

package pgserver

import (
	"fmt"
	"os"
	"syscall"
)

// ownedByUs refuses a directory that another user made in a place where everybody can write.
func ownedByUs(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); !ok || int(sys.Uid) != os.Geteuid() || !st.IsDir() {
		return fmt.Errorf("%s belongs to another user; set XDG_CACHE_HOME to a directory of yours", dir)
	}
	return nil
}
