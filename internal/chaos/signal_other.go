//go:build !linux

package chaos

import (
	"errors"
	"os/exec"
	"syscall"

	"github.com/plinth-db/plinth/internal/pgserver/account"
)

// A cluster's processes are told and held by means that only Linux has.
var errLinuxOnly = errors.New("chaos: a cluster to be killed and stopped is possible on Linux only")

const (
	fastShutdown      = syscall.SIGINT
	immediateShutdown = syscall.SIGQUIT
	hold              = syscall.SIGQUIT
	goOn              = syscall.SIGQUIT
)

func signal(int, syscall.Signal) error { return errLinuxOnly }

func runAs(account.Account, *exec.Cmd) {}
