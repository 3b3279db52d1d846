//go:build !unix

package pgserver

import (
	"context"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// Without flock there is no registry, so local servers stop at openRegistry; what is here only makes the package compile.

func ownedByUs(string) error { return nil }

type process struct{}

func spawn(string, []string, *localLeftover, account.Account, bool) (*process, error) {
	return nil, errNoFlock
}

func (*process) gone(error) error { return errNoFlock }

func (*process) shutDown(context.Context) bool { return false }

func (*process) quit(context.Context) error { return nil }

func quit(context.Context, int, func() bool) error { return nil }

func running(int) bool { return false }

func postmaster(string) int { return 0 }
