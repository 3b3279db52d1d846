//go:build unix

package migrate

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockDir makes other processes that write to the directory wait. The system frees the lock when the process ends.
func lockDir(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("migrate: %w; plinth new or plinth diff creates it", ErrNoDir)
	}
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil && !errors.Is(err, syscall.ENOTSUP) {
		return nil, fmt.Errorf("migrate: lock %s: %w", dir, errors.Join(err, f.Close()))
	}
	return func() { _ = f.Close() }, nil
}
